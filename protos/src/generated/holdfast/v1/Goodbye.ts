// Original file: holdfast/v1/lock.proto


/**
 * Ends the session: everything is released and left, and the server closes the stream with OK.
 */
export interface Goodbye {
}

/**
 * Ends the session: everything is released and left, and the server closes the stream with OK.
 */
export interface Goodbye__Output {
}
