import { Optional, Text } from './rules.js';

export class AgentBody {
  @Text(1, 256, 'Stable id of the agent; `human` as a target means a person.') id!: string;
  @Text(1, 256) name!: string;
  @Optional() @Text(1, 128) framework?: string;
  @Optional() @Text(1, 128) version?: string;
}

export class TargetAgentBody {
  @Text(1, 256, 'Stable id of the agent; `human` means a person.') id!: string;
  @Text(1, 256) name!: string;
  @Optional() @Text(1, 128) framework?: string;
}
