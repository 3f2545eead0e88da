/** A capability as it is compared: case and the spaces around it make no difference. */
export const foldCapability = (text: string): string => text.trim().toLowerCase();
