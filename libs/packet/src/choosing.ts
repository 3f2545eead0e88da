import { mostCandidates, rankCandidates, refOf } from './routing.js';
import type { Ranked, Route, RouteInput } from './routing.js';

/** What a chooser (`strategy: "llm"`) answers. */
export interface Choice {
  /** The id of one of the candidates. */
  target: string;
  /** 0-1. */
  confidence: number;
  reasoning: string;
  /** Ids in the order in which they come into question after the target. */
  fallbacks: string[];
}

/** What a chooser is asked. */
export interface ChoiceQuestion {
  summary: string;
  pending: readonly string[];
  /** Whom it may choose, the deterministic router's choice first; at most 100. */
  candidates: readonly Ranked[];
}

/** Chooses among candidates, by a language model or however it likes. It may fail or be slow. */
export type ChooseTarget = (question: ChoiceQuestion, signal: AbortSignal) => Promise<Choice>;

const mostOffered = 100;
const longestReasoning = 1_000;

/** What to ask a chooser about this packet. No candidates: there is nobody to choose. */
export const questionOf = (input: RouteInput): ChoiceQuestion => ({
  summary: input.summary,
  pending: input.pending,
  candidates: rankCandidates(input, mostOffered),
});

const isChoice = (answer: unknown): answer is Choice => {
  if (typeof answer !== 'object' || answer === null) return false;
  const { target, confidence, reasoning, fallbacks } = answer as Partial<Record<keyof Choice, unknown>>;
  return (
    typeof target === 'string' &&
    typeof confidence === 'number' &&
    confidence >= 0 &&
    confidence <= 1 &&
    typeof reasoning === 'string' &&
    Array.isArray(fallbacks)
  );
};

/** The decision that a chooser's answer comes to; null when it is none, or names somebody who is no candidate. */
export const routeByChoice = ({ candidates }: ChoiceQuestion, answer: unknown): Route | null => {
  if (!isChoice(answer)) return null;
  const { target, confidence, reasoning, fallbacks } = answer;
  const byId = new Map(candidates.map((candidate) => [candidate.agent.id, candidate]));
  const chosen = byId.get(target);
  if (chosen === undefined) return null;
  const order = new Set<string>([...fallbacks, ...byId.keys()]);
  const first = { id: target, score: confidence, why: reasoning.slice(0, longestReasoning) };
  order.delete(target);
  const rest = [...order].flatMap((id) => {
    const candidate = byId.get(id);
    return candidate === undefined ? [] : [{ id, score: candidate.score, why: candidate.why }];
  });
  const listed = [first, ...rest].slice(0, mostCandidates);
  return { target: refOf(chosen.agent), candidates: listed, strategy: 'llm', confidence };
};
