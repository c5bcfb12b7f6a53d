// Original file: holdfast/v1/admin.proto


/**
 * Everything set before has survived a power cut.
 */
export interface FlushResponse {
}

/**
 * Everything set before has survived a power cut.
 */
export interface FlushResponse__Output {
}
