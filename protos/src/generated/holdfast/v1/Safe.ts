// Original file: holdfast/v1/lock.proto


/**
 * The session was in jeopardy and is not any more. Follows the KeepAliveAck that says so and until
 * when, which may come without it.
 */
export interface Safe {
}

/**
 * The session was in jeopardy and is not any more. Follows the KeepAliveAck that says so and until
 * when, which may come without it.
 */
export interface Safe__Output {
}
