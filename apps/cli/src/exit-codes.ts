/** What a shell is told; 0 is success. */
export const exitCodes = { refused: 1, usage: 2, unreachable: 3, interrupted: 130 } as const;
