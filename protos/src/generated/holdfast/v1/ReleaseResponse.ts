// Original file: holdfast/v1/lease.proto


/**
 * The lease is given back.
 */
export interface ReleaseResponse {
}

/**
 * The lease is given back.
 */
export interface ReleaseResponse__Output {
}
