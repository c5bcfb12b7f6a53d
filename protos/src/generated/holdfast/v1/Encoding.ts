// Original file: holdfast/v1/cache.proto

/**
 * How a value's bytes are to be understood. The server stores this number and does nothing else
 * with it.
 */
export const Encoding = {
  /**
   * Taken as ENCODING_BYTES.
   */
  ENCODING_UNSPECIFIED: 'ENCODING_UNSPECIFIED',
  /**
   * Plain bytes.
   */
  ENCODING_BYTES: 'ENCODING_BYTES',
  /**
   * UTF-8 text.
   */
  ENCODING_TEXT: 'ENCODING_TEXT',
  /**
   * JSON in UTF-8.
   */
  ENCODING_JSON: 'ENCODING_JSON',
  /**
   * MessagePack, without shared structures or other references to something outside the value.
   */
  ENCODING_MSGPACK: 'ENCODING_MSGPACK',
} as const;

/**
 * How a value's bytes are to be understood. The server stores this number and does nothing else
 * with it.
 */
export type Encoding =
  /**
   * Taken as ENCODING_BYTES.
   */
  | 'ENCODING_UNSPECIFIED'
  | 0
  /**
   * Plain bytes.
   */
  | 'ENCODING_BYTES'
  | 1
  /**
   * UTF-8 text.
   */
  | 'ENCODING_TEXT'
  | 2
  /**
   * JSON in UTF-8.
   */
  | 'ENCODING_JSON'
  | 3
  /**
   * MessagePack, without shared structures or other references to something outside the value.
   */
  | 'ENCODING_MSGPACK'
  | 4

/**
 * How a value's bytes are to be understood. The server stores this number and does nothing else
 * with it.
 */
export type Encoding__Output = typeof Encoding[keyof typeof Encoding]
