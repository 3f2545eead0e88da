/**
 * Packets per segment. Search goes through the segments from the newest on and stops at enough matches, so
 * a common word costs one segment, not the whole index.
 */
export const segmentSize = 8_192;
