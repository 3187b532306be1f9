// Write the events anew in one form. Usage: node write.js FORM
const events = JSON.parse(require('fs').readFileSync('events.json', 'utf8'));
const forms = {
  list: () => console.log(events),
  dates: () => console.log(events.map((one) => ({ ...one, time: new Date(one.time) }))),
  dir: () => console.dir({ status: 200, data: { items: events } }, { depth: null }),
  json5: () => console.log(require('json5').stringify(events, null, 2)),
  yaml: () => console.log(require('js-yaml').dump({ logs: events })),
};
forms[process.argv[2]]();
