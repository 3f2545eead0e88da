import { PacketLog } from '#libs/event-log';
import type { TenantId } from '#libs/packet';
import { usesSchema } from '#libs/read-models';
import { Inject, Injectable } from '@nestjs/common';
import { unavailable } from '../http/problem-error.js';
import { ProjectedPosition } from '../reads/projected-position.js';
import { ReadDatabase } from '../reads/read-database.js';

/** How long it waits to know of the packets that were made just before. */
const patienceMs = 2_000;

/** Knows which schemas are named by packets that are not done. */
@Injectable()
export class SchemaUses {
  constructor(
    @Inject(PacketLog) private readonly log: PacketLog,
    @Inject(ReadDatabase) private readonly database: ReadDatabase,
    @Inject(ProjectedPosition) private readonly projected: ProjectedPosition,
  ) {}

  /** Whether any packet that was made before this call uses the schema. @throws ProblemError */
  async any(tenant: TenantId, id: string): Promise<boolean> {
    if (!(await this.projected.until(await this.log.lastSequence(), patienceMs)))
      throw unavailable('It is not known yet which packets use the schema: send the request again.');
    return this.database.use((source) => usesSchema(source, tenant, id));
  }
}
