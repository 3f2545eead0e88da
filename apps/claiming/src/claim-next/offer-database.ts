import type { TenantId } from '#libs/packet';
import {
  checkpoint,
  createDataSource,
  giveBack,
  heldPackets,
  isDatabaseDown,
  type Lane,
  nextOffer,
  type PacketAt,
  poolsByCapability,
  type ReservedPacket,
  reservePackets,
  sweepReservations,
  type WaitingPacket,
  waitingPackets,
  walkInOrder,
} from '#libs/read-models';

type DataSource = ReturnType<typeof createDataSource>;

/** The read models cannot be asked now. */
export class OffersUnavailable extends Error {
  override readonly name = 'OffersUnavailable';
}

const statementTimeoutMs = 5_000;
const poolSize = 6;
const retryAfterMs = 500;
/** Longer than a claim takes, shorter than a crash may hold a packet back. */
const reservedSeconds = 5;

/** The packets on offer as Postgres knows them; it may be away, and comes back without a restart. */
export class OfferDatabase {
  readonly #source: DataSource;
  #connecting: Promise<unknown> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(url: string) {
    this.#source = createDataSource(url, {
      statementTimeoutMs,
      poolSize,
      applicationName: 'handoffrail-claiming',
      settings: walkInOrder,
    });
  }

  waiting(tenant: TenantId, lanes: readonly Lane[]): Promise<WaitingPacket[]> {
    return this.#use((source) => waitingPackets(source, tenant, { lanes, now: new Date() }));
  }

  capabilityPools(tenant: TenantId): Promise<string[]> {
    return this.#use((source) => poolsByCapability(source, tenant));
  }

  /** Keeps these from other processes for seconds; what is not in the answer another has. */
  reserve(tenant: TenantId, wanted: readonly PacketAt[]): Promise<ReservedPacket[]> {
    return this.#use((source) => reservePackets(source, tenant, { wanted, seconds: reservedSeconds }));
  }

  giveBack(tenant: TenantId, ids: readonly PacketAt['id'][]): Promise<void> {
    return this.#use((source) => giveBack(source, tenant, ids));
  }

  held(tenant: TenantId, agent: string, recent: readonly PacketAt[]): Promise<number> {
    return this.#use((source) => heldPackets(source, tenant, { agent, recent }));
  }

  nextOffer(tenant: TenantId, pools: readonly string[]): Promise<Date | null> {
    return this.#use((source) => nextOffer(source, tenant, { pools, now: new Date() }));
  }

  /** The log sequence up to which all this is complete. */
  position(): Promise<number> {
    return this.#use(checkpoint);
  }

  sweep(): Promise<void> {
    return this.#use(sweepReservations);
  }

  async close(): Promise<void> {
    await this.#connecting?.catch(() => undefined);
    if (this.#source.isInitialized) await this.#source.destroy();
  }

  async #use<T>(query: (source: DataSource) => Promise<T>): Promise<T> {
    try {
      await this.#connected();
      return await query(this.#source);
    } catch (error) {
      if (!isDatabaseDown(error)) throw error;
      throw new OffersUnavailable('The read models are not available now: try again.', { cause: error });
    }
  }

  async #connected(): Promise<void> {
    if (this.#source.isInitialized) return;
    // While it is away, not every call needs to find that out by itself.
    if (Date.now() - this.#failedAt < retryAfterMs) throw new Error('DataSource is not connected');
    this.#connecting ??= this.#source.initialize().finally(() => (this.#connecting = undefined));
    try {
      await this.#connecting;
    } catch (error) {
      this.#failedAt = Date.now();
      throw error;
    }
  }
}
