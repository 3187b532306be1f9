'use strict';
// What happens when, 2031-05-06, UTC: the first incident of the field guide, minute by minute.

const at = (text) => Date.parse(`2031-05-06T${text}Z`);

// Throw-away values. They sign nothing outside this simulation.
const SECRETS = {
  v1: 'throw-away-sample-secret-v1-not-used-anywhere',
  v2: 'throw-away-sample-secret-v2-not-used-anywhere',
  staging: 'throw-away-sample-secret-staging-not-used-anywhere',
};

module.exports = {
  SECRETS,
  WARM_UP: at('09:10:00.000'), // simulated, not exported
  START: at('09:30:00.000'),
  END: at('12:30:00.000'),
  INSTANCES: 10,
  RELEASE: 'auth@2.14.0',
  OLD_REVISION: 118,
  NEW_REVISION: 119,
  FLEET_STARTED: at('06:12:40.000'), // the old tasks, the day before's deploy
  SECRET_PUT: at('11:03:27.000'), // Terraform writes the new secret ...
  TASK_DEFINITION: at('11:04:02.000'), // ... and in the same apply
  ROLLOUT: at('11:04:06.000'), // starts the rolling deploy
  // New containers take traffic. At 11:20 four of ten are new: 60 % old.
  FIRST_WAVE: ['11:05:04', '11:08:31', '11:12:17', '11:16:42'].map((t) => at(`${t}.000`)),
  PROBE: at('11:25:12.000'), // on call tries one fresh token on every container
  FORCED: at('11:33:04.000'), // full redeploy, all ten, two at a time
  SECOND_WAVE: ['11:34:21', '11:34:24', '11:35:30', '11:35:36', '11:36:39', '11:36:45',
    '11:37:52', '11:37:55', '11:39:08', '11:39:36'].map((t) => at(`${t}.000`)),
};
