// Takes the work of an agent, four packets at once, until it is told to stop with Ctrl-C or SIGTERM.
import { HandoffRail, TerminalError } from '@handoffrail/sdk';

const rail = new HandoffRail({
  baseUrl: process.env.HANDOFFRAIL_URL ?? 'http://localhost:8080',
  apiKey: process.env.HANDOFFRAIL_API_KEY ?? '',
});

const worker = rail.worker(
  {
    agentId: 'refunds-01',
    concurrency: 4,
    leaseSeconds: 60,
    onError: (error, packet) => console.error(packet?.id, error),
  },
  async (packet, { signal, progress }) => {
    const { summary, custom } = packet.context;
    // Nobody need try again what cannot be done.
    if (custom?.['amount'] === undefined)
      throw new TerminalError('No amount is named', { code: 'no_amount' });
    await progress(50, 'Asking the bank');
    // A fetch with `signal` ends when the packet is cancelled or held by another.
    signal.throwIfAborted();
    console.log(`refunded ${custom['amount']}: ${summary}`);
    return { refund: `re_${packet.revision}` };
  },
);

// It finishes what it holds, and gives back what takes longer than 10 s.
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.once(name, () => void worker.stop({ graceMs: 10_000 }));
console.log('waiting for work');
await worker.done;
