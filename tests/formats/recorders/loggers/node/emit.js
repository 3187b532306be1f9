const {run}=require('./common'); const name=process.argv[2]; const env=process.env;
const P={};
const svc='orders-api';
P['pino-iso']=()=>{const pino=require('pino');const l=pino({name:svc,timestamp:pino.stdTimeFunctions.isoTime,messageKey:'message',errorKey:'error',formatters:{level:(label)=>({level:label})}},pino.destination({sync:true}));
 return e=>{e.err?l.warn({error:e.err,path:e.path},'token rejected'):l.info({path:e.path},'ok')}};
function pretty(o){const pino=require('pino');const pp=require('pino-pretty');return pino({name:svc},pp({sync:true,destination:1,...o}))}
P['pino-pretty-sys']=()=>{const l=pretty({colorize:true,translateTime:'SYS:standard'});return e=>{e.err?l.error(e.err,'authentication failed'):l.info('request completed')}};
P['winston-cli']=()=>{const w=require('winston');const l=w.createLogger({format:w.format.combine(w.format.timestamp({format:'DD-MM-YYYY HH:mm:ss'}),w.format.errors({stack:true}),w.format.printf(i=>`${i.timestamp} [${i.level.toUpperCase()}] ${i.stack||i.message}`)),transports:[new w.transports.Console()]});return e=>{e.err?l.error(e.err):l.info('GET '+e.path)}};
P['winston-logstash']=()=>{const w=require('winston');const l=w.createLogger({format:w.format.combine(w.format.timestamp(),w.format.errors({stack:true}),w.format.logstash()),transports:[new w.transports.Console()]});return e=>{e.err?l.error(e.err):l.info('ok',{path:e.path})}};
P['log4js-basic']=()=>{const l4=require('log4js');l4.configure({appenders:{o:{type:'stdout',layout:{type:'basic'}}},categories:{default:{appenders:['o'],level:'info'}}});const l=l4.getLogger('auth');return e=>{e.err?l.error('token rejected',e.err):l.info('GET %s',e.path)}};
P['roarr']=()=>{process.env.ROARR_LOG='true';const {Roarr:L}=require('roarr');const l=L.child({application:svc,package:'auth'});return e=>{e.err?l.error({error:{name:e.err.name,message:e.err.message,stack:e.err.stack}},'token rejected'):l.info({path:e.path},'ok')}};
P['tslog']=()=>{const {Logger}=require('tslog');const l=new Logger({name:'auth',stylePrettyLogs:false});return e=>{e.err?l.error('token rejected',e.err):l.info('GET '+e.path)}};
P['ecs-pino']=()=>{const {ecsFormat}=require('@elastic/ecs-pino-format');const pino=require('pino');const l=pino(ecsFormat({serviceName:svc}),pino.destination({sync:true}));return e=>{e.err?l.warn({err:e.err},'token rejected'):l.info('ok')}};
P['nest']=()=>{const {ConsoleLogger}=require('@nestjs/common');const l=new ConsoleLogger('AuthGuard');return e=>{e.err?l.error(e.err.message,e.err.stack):l.log('GET '+e.path)}};
P['winston-simple']=()=>{const w=require('winston');const l=w.createLogger({defaultMeta:{service:svc},format:w.format.combine(w.format.timestamp(),w.format.simple()),transports:[new w.transports.Console()]});return e=>{e.err?l.error('token rejected',{err:e.err.message}):l.info('GET '+e.path)}};
P['egg']=()=>{const {EggConsoleLogger}=require('egg-logger');const l=new EggConsoleLogger({level:'INFO'});return e=>{e.err?l.error(e.err):l.info('GET '+e.path)}};
P['console-date']=()=>e=>{const d=new Date();e.err?console.log(`${d} - verify failed: ${e.err}`):console.log(`${d} - GET ${e.path}`)};
module.exports=P;
if(require.main===module){const each=P[name]();run(each).then(()=>setTimeout(()=>process.exit(0),200));}
