export type { CommandReply, CommandRequest, RequestMeta, SendCommand } from './command-wire.js';
export { deadLetterHeaders, eventHeaders, httpHeaders } from './headers.js';
export { formatPosition, parsePosition } from './position.js';
export { edgeCodes, problems, problemTypeBase } from './problems.js';
export type { Problem, ProblemCode, ProblemKind } from './problems.js';
export {
  buckets,
  commandsOf,
  commandSubject,
  consumers,
  deadLetterSubject,
  feedSubject,
  packetSubject,
  packetSubjects,
  positionSubject,
  serviceOf,
  streams,
} from './subjects.js';
export type { CommandService } from './subjects.js';
