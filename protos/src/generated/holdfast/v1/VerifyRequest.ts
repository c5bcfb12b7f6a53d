// Original file: holdfast/v1/admin.proto


/**
 * Asks for all files to be checked.
 */
export interface VerifyRequest {
}

/**
 * Asks for all files to be checked.
 */
export interface VerifyRequest__Output {
}
