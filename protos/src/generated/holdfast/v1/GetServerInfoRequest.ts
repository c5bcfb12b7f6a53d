// Original file: holdfast/v1/admin.proto


/**
 * Asks what this server is.
 */
export interface GetServerInfoRequest {
}

/**
 * Asks what this server is.
 */
export interface GetServerInfoRequest__Output {
}
