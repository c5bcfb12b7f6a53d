// Original file: holdfast/v1/admin.proto

/**
 * In what way a file is damaged.
 */
export const FileDamageKind = {
  /**
   * Never sent.
   */
  FILE_DAMAGE_KIND_UNSPECIFIED: 'FILE_DAMAGE_KIND_UNSPECIFIED',
  /**
   * It is not in the directory any more.
   */
  FILE_DAMAGE_KIND_MISSING: 'FILE_DAMAGE_KIND_MISSING',
  /**
   * The disk gave an error instead of the bytes.
   */
  FILE_DAMAGE_KIND_UNREADABLE: 'FILE_DAMAGE_KIND_UNREADABLE',
  /**
   * What it begins with is not right.
   */
  FILE_DAMAGE_KIND_HEADER: 'FILE_DAMAGE_KIND_HEADER',
  /**
   * What lies there fails its check.
   */
  FILE_DAMAGE_KIND_RECORDS: 'FILE_DAMAGE_KIND_RECORDS',
} as const;

/**
 * In what way a file is damaged.
 */
export type FileDamageKind =
  /**
   * Never sent.
   */
  | 'FILE_DAMAGE_KIND_UNSPECIFIED'
  | 0
  /**
   * It is not in the directory any more.
   */
  | 'FILE_DAMAGE_KIND_MISSING'
  | 1
  /**
   * The disk gave an error instead of the bytes.
   */
  | 'FILE_DAMAGE_KIND_UNREADABLE'
  | 2
  /**
   * What it begins with is not right.
   */
  | 'FILE_DAMAGE_KIND_HEADER'
  | 3
  /**
   * What lies there fails its check.
   */
  | 'FILE_DAMAGE_KIND_RECORDS'
  | 4

/**
 * In what way a file is damaged.
 */
export type FileDamageKind__Output = typeof FileDamageKind[keyof typeof FileDamageKind]
