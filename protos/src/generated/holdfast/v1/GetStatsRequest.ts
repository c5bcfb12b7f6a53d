// Original file: holdfast/v1/admin.proto


/**
 * Asks for figures.
 */
export interface GetStatsRequest {
}

/**
 * Asks for figures.
 */
export interface GetStatsRequest__Output {
}
