/** Dates as values to be stored: made of given numbers, never asked for the time of day. */
// biome-ignore lint/style/noRestrictedGlobals: the rule is against reading the clock.
export const DateValue: DateConstructor = Date;
