// Original file: holdfast/v1/admin.proto


/**
 * Asks for space to be freed.
 */
export interface CompactRequest {
}

/**
 * Asks for space to be freed.
 */
export interface CompactRequest__Output {
}
