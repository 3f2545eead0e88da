/**
 * `english` and not `simple`: words meet by their stem, and stop words, which every packet has, stay out of
 * the index. Words of other languages are stemmed alike in text and query, so they still find themselves.
 */
export const language = 'english';

/**
 * Packets per segment. Search goes through the segments from the newest on and stops at enough matches, so
 * a common word costs one segment, not the whole index.
 */
export const segmentSize = 8_192;
