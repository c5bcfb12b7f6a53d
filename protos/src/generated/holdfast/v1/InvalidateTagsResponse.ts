// Original file: holdfast/v1/cache.proto


/**
 * The answer to InvalidateTagsRequest.
 */
export interface InvalidateTagsResponse {
}

/**
 * The answer to InvalidateTagsRequest.
 */
export interface InvalidateTagsResponse__Output {
}
