import {
  type BodyClass,
  ChainPacketBody,
  ClaimPacketBody,
  CompletePacketBody,
  CreatePacketBody,
  FailPacketBody,
  ReportProgressBody,
  StartPacketBody,
  UpdatePacketBody,
  validatorOf,
} from '#libs/contracts';

const hot: BodyClass[] = [
  CreatePacketBody,
  ClaimPacketBody,
  CompletePacketBody,
  StartPacketBody,
  ReportProgressBody,
  FailPacketBody,
  UpdatePacketBody,
  ChainPacketBody,
];

/** Compiles the validators of the busiest routes one by one beside the first requests, so that none waits for all. */
export const compileBodies = (): void => {
  const [...left] = hot;
  const next = (): void => {
    const of = left.shift();
    if (of === undefined) return;
    validatorOf(of);
    setImmediate(next);
  };
  setImmediate(next);
};
