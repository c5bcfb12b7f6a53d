// Original file: holdfast/v1/cache.proto

/**
 * What an acknowledged write has survived.
 */
export const Durability = {
  /**
   * The server's default, see GetServerInfo.
   */
  DURABILITY_UNSPECIFIED: 'DURABILITY_UNSPECIFIED',
  /**
   * Nothing yet: it is in the server's memory and written within its flush interval.
   */
  DURABILITY_BUFFERED: 'DURABILITY_BUFFERED',
  /**
   * A kill of the server.
   */
  DURABILITY_WRITTEN: 'DURABILITY_WRITTEN',
  /**
   * A power cut.
   */
  DURABILITY_SYNCED: 'DURABILITY_SYNCED',
} as const;

/**
 * What an acknowledged write has survived.
 */
export type Durability =
  /**
   * The server's default, see GetServerInfo.
   */
  | 'DURABILITY_UNSPECIFIED'
  | 0
  /**
   * Nothing yet: it is in the server's memory and written within its flush interval.
   */
  | 'DURABILITY_BUFFERED'
  | 1
  /**
   * A kill of the server.
   */
  | 'DURABILITY_WRITTEN'
  | 2
  /**
   * A power cut.
   */
  | 'DURABILITY_SYNCED'
  | 3

/**
 * What an acknowledged write has survived.
 */
export type Durability__Output = typeof Durability[keyof typeof Durability]
