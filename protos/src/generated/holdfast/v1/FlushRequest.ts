// Original file: holdfast/v1/admin.proto


/**
 * Asks for everything to be made durable.
 */
export interface FlushRequest {
}

/**
 * Asks for everything to be made durable.
 */
export interface FlushRequest__Output {
}
