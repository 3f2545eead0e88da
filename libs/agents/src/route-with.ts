import {
  type ChooseTarget,
  questionOf,
  route,
  routeByChoice,
  type Route,
  type RouteInput,
  type Unrouted,
} from '#libs/packet';

/** A packet's create waits for the answer. */
const chooserMs = 5_000;

const asked = async (choose: ChooseTarget, input: RouteInput, timeoutMs: number): Promise<Route | null> => {
  const question = questionOf(input);
  const aborting = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, timeoutMs, null)));
  try {
    const answer: unknown = await Promise.race([choose(question, aborting.signal), late]);
    return routeByChoice(question, answer);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    aborting.abort();
  }
};

/** What was decided although a chooser was wanted: by `fallback_capability`, say. */
const insteadOfChoice = (decision: Route | Unrouted): Route | Unrouted =>
  'unrouted' in decision ? decision : { ...decision, strategy: `fallback_${decision.strategy}` };

/**
 * Who gets a packet. One that asks for `strategy: "llm"` is put to the chooser; if there is none, if it
 * throws, takes longer than `timeoutMs` or names nobody who is a candidate, the deterministic router decides.
 * Never rejects.
 */
export const routeWith = async (
  choose: ChooseTarget | undefined,
  input: RouteInput,
  timeoutMs = chooserMs,
): Promise<Route | Unrouted> => {
  const decision = route(input);
  if (input.routing.strategy !== 'llm' || 'unrouted' in decision) return decision;
  const chosen = choose && (await asked(choose, input, timeoutMs));
  return chosen ?? insteadOfChoice(decision);
};
