// Original file: holdfast/v1/cache.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { BatchRequest as _holdfast_v1_BatchRequest, BatchRequest__Output as _holdfast_v1_BatchRequest__Output } from '../../holdfast/v1/BatchRequest.ts';
import type { BatchResponse as _holdfast_v1_BatchResponse, BatchResponse__Output as _holdfast_v1_BatchResponse__Output } from '../../holdfast/v1/BatchResponse.ts';
import type { DeleteRequest as _holdfast_v1_DeleteRequest, DeleteRequest__Output as _holdfast_v1_DeleteRequest__Output } from '../../holdfast/v1/DeleteRequest.ts';
import type { DeleteResponse as _holdfast_v1_DeleteResponse, DeleteResponse__Output as _holdfast_v1_DeleteResponse__Output } from '../../holdfast/v1/DeleteResponse.ts';
import type { GetManyRequest as _holdfast_v1_GetManyRequest, GetManyRequest__Output as _holdfast_v1_GetManyRequest__Output } from '../../holdfast/v1/GetManyRequest.ts';
import type { GetManyResponse as _holdfast_v1_GetManyResponse, GetManyResponse__Output as _holdfast_v1_GetManyResponse__Output } from '../../holdfast/v1/GetManyResponse.ts';
import type { GetOrLeaseRequest as _holdfast_v1_GetOrLeaseRequest, GetOrLeaseRequest__Output as _holdfast_v1_GetOrLeaseRequest__Output } from '../../holdfast/v1/GetOrLeaseRequest.ts';
import type { GetOrLeaseResponse as _holdfast_v1_GetOrLeaseResponse, GetOrLeaseResponse__Output as _holdfast_v1_GetOrLeaseResponse__Output } from '../../holdfast/v1/GetOrLeaseResponse.ts';
import type { GetRequest as _holdfast_v1_GetRequest, GetRequest__Output as _holdfast_v1_GetRequest__Output } from '../../holdfast/v1/GetRequest.ts';
import type { GetResponse as _holdfast_v1_GetResponse, GetResponse__Output as _holdfast_v1_GetResponse__Output } from '../../holdfast/v1/GetResponse.ts';
import type { InvalidateTagsRequest as _holdfast_v1_InvalidateTagsRequest, InvalidateTagsRequest__Output as _holdfast_v1_InvalidateTagsRequest__Output } from '../../holdfast/v1/InvalidateTagsRequest.ts';
import type { InvalidateTagsResponse as _holdfast_v1_InvalidateTagsResponse, InvalidateTagsResponse__Output as _holdfast_v1_InvalidateTagsResponse__Output } from '../../holdfast/v1/InvalidateTagsResponse.ts';
import type { PipelineRequest as _holdfast_v1_PipelineRequest, PipelineRequest__Output as _holdfast_v1_PipelineRequest__Output } from '../../holdfast/v1/PipelineRequest.ts';
import type { PipelineResponse as _holdfast_v1_PipelineResponse, PipelineResponse__Output as _holdfast_v1_PipelineResponse__Output } from '../../holdfast/v1/PipelineResponse.ts';
import type { SetManyRequest as _holdfast_v1_SetManyRequest, SetManyRequest__Output as _holdfast_v1_SetManyRequest__Output } from '../../holdfast/v1/SetManyRequest.ts';
import type { SetManyResponse as _holdfast_v1_SetManyResponse, SetManyResponse__Output as _holdfast_v1_SetManyResponse__Output } from '../../holdfast/v1/SetManyResponse.ts';
import type { SetRequest as _holdfast_v1_SetRequest, SetRequest__Output as _holdfast_v1_SetRequest__Output } from '../../holdfast/v1/SetRequest.ts';
import type { SetResponse as _holdfast_v1_SetResponse, SetResponse__Output as _holdfast_v1_SetResponse__Output } from '../../holdfast/v1/SetResponse.ts';
import type { TouchRequest as _holdfast_v1_TouchRequest, TouchRequest__Output as _holdfast_v1_TouchRequest__Output } from '../../holdfast/v1/TouchRequest.ts';
import type { TouchResponse as _holdfast_v1_TouchResponse, TouchResponse__Output as _holdfast_v1_TouchResponse__Output } from '../../holdfast/v1/TouchResponse.ts';

/**
 * Reads and writes of one cache. Each operation on a key is atomic; operations of one client on one
 * stream, or in one batch, execute in the order sent.
 */
export interface CacheServiceClient extends grpc.Client {
  /**
   * Executes up to 10,000 mixed operations in order. Each succeeds or fails for itself; this is no
   * transaction.
   */
  Batch(argument: _holdfast_v1_BatchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_BatchResponse__Output>): grpc.ClientUnaryCall;
  Batch(argument: _holdfast_v1_BatchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_BatchResponse__Output>): grpc.ClientUnaryCall;
  Batch(argument: _holdfast_v1_BatchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_BatchResponse__Output>): grpc.ClientUnaryCall;
  Batch(argument: _holdfast_v1_BatchRequest, callback: grpc.requestCallback<_holdfast_v1_BatchResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Executes up to 10,000 mixed operations in order. Each succeeds or fails for itself; this is no
   * transaction.
   */
  batch(argument: _holdfast_v1_BatchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_BatchResponse__Output>): grpc.ClientUnaryCall;
  batch(argument: _holdfast_v1_BatchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_BatchResponse__Output>): grpc.ClientUnaryCall;
  batch(argument: _holdfast_v1_BatchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_BatchResponse__Output>): grpc.ClientUnaryCall;
  batch(argument: _holdfast_v1_BatchRequest, callback: grpc.requestCallback<_holdfast_v1_BatchResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Removes one key.
   */
  Delete(argument: _holdfast_v1_DeleteRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_DeleteResponse__Output>): grpc.ClientUnaryCall;
  Delete(argument: _holdfast_v1_DeleteRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_DeleteResponse__Output>): grpc.ClientUnaryCall;
  Delete(argument: _holdfast_v1_DeleteRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_DeleteResponse__Output>): grpc.ClientUnaryCall;
  Delete(argument: _holdfast_v1_DeleteRequest, callback: grpc.requestCallback<_holdfast_v1_DeleteResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Removes one key.
   */
  delete(argument: _holdfast_v1_DeleteRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_DeleteResponse__Output>): grpc.ClientUnaryCall;
  delete(argument: _holdfast_v1_DeleteRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_DeleteResponse__Output>): grpc.ClientUnaryCall;
  delete(argument: _holdfast_v1_DeleteRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_DeleteResponse__Output>): grpc.ClientUnaryCall;
  delete(argument: _holdfast_v1_DeleteRequest, callback: grpc.requestCallback<_holdfast_v1_DeleteResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Reads one key. A miss is a response without `entry`.
   */
  Get(argument: _holdfast_v1_GetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _holdfast_v1_GetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _holdfast_v1_GetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _holdfast_v1_GetRequest, callback: grpc.requestCallback<_holdfast_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Reads one key. A miss is a response without `entry`.
   */
  get(argument: _holdfast_v1_GetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _holdfast_v1_GetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _holdfast_v1_GetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _holdfast_v1_GetRequest, callback: grpc.requestCallback<_holdfast_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Reads up to 10,000 keys.
   */
  GetMany(argument: _holdfast_v1_GetManyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetManyResponse__Output>): grpc.ClientUnaryCall;
  GetMany(argument: _holdfast_v1_GetManyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetManyResponse__Output>): grpc.ClientUnaryCall;
  GetMany(argument: _holdfast_v1_GetManyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetManyResponse__Output>): grpc.ClientUnaryCall;
  GetMany(argument: _holdfast_v1_GetManyRequest, callback: grpc.requestCallback<_holdfast_v1_GetManyResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Reads up to 10,000 keys.
   */
  getMany(argument: _holdfast_v1_GetManyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetManyResponse__Output>): grpc.ClientUnaryCall;
  getMany(argument: _holdfast_v1_GetManyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetManyResponse__Output>): grpc.ClientUnaryCall;
  getMany(argument: _holdfast_v1_GetManyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetManyResponse__Output>): grpc.ClientUnaryCall;
  getMany(argument: _holdfast_v1_GetManyRequest, callback: grpc.requestCallback<_holdfast_v1_GetManyResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Reads one key; of all who miss it at one time exactly one is told to load it, with a fill
   * token, and the others wait for the value. The answer is one message, after which the stream
   * ends, unless it is a lease. Then the stream stays open for as long as the caller has to load:
   * it sets the value with `SetRequest.fill_token`, by any call that sets, or says that there is
   * none with `DeleteRequest.fill_token`, and the stream ends with OK. To end the call without that
   * is to give up: the next in line is told to load, as when the connection breaks. Once `fill_ttl`
   * is over the stream ends with UNAVAILABLE, and the next in line has the load.
   * 
   * Every write of the key during the load wins, `clear` included: what is set with that token then
   * goes to those who had been waiting, and is not stored. RESOURCE_EXHAUSTED (WAIT_QUEUE_FULL,
   * with RetryInfo) while 20,000 such calls are open. A server that drains ends all of them with
   * UNAVAILABLE (SERVER_DRAINING).
   */
  GetOrLease(argument: _holdfast_v1_GetOrLeaseRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_GetOrLeaseResponse__Output>;
  GetOrLease(argument: _holdfast_v1_GetOrLeaseRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_GetOrLeaseResponse__Output>;
  /**
   * Reads one key; of all who miss it at one time exactly one is told to load it, with a fill
   * token, and the others wait for the value. The answer is one message, after which the stream
   * ends, unless it is a lease. Then the stream stays open for as long as the caller has to load:
   * it sets the value with `SetRequest.fill_token`, by any call that sets, or says that there is
   * none with `DeleteRequest.fill_token`, and the stream ends with OK. To end the call without that
   * is to give up: the next in line is told to load, as when the connection breaks. Once `fill_ttl`
   * is over the stream ends with UNAVAILABLE, and the next in line has the load.
   * 
   * Every write of the key during the load wins, `clear` included: what is set with that token then
   * goes to those who had been waiting, and is not stored. RESOURCE_EXHAUSTED (WAIT_QUEUE_FULL,
   * with RetryInfo) while 20,000 such calls are open. A server that drains ends all of them with
   * UNAVAILABLE (SERVER_DRAINING).
   */
  getOrLease(argument: _holdfast_v1_GetOrLeaseRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_GetOrLeaseResponse__Output>;
  getOrLease(argument: _holdfast_v1_GetOrLeaseRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_GetOrLeaseResponse__Output>;
  
  /**
   * Makes every value with one of the tags go, at once and for good; it wins over the loads of such
   * values.
   */
  InvalidateTags(argument: _holdfast_v1_InvalidateTagsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_InvalidateTagsResponse__Output>): grpc.ClientUnaryCall;
  InvalidateTags(argument: _holdfast_v1_InvalidateTagsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_InvalidateTagsResponse__Output>): grpc.ClientUnaryCall;
  InvalidateTags(argument: _holdfast_v1_InvalidateTagsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_InvalidateTagsResponse__Output>): grpc.ClientUnaryCall;
  InvalidateTags(argument: _holdfast_v1_InvalidateTagsRequest, callback: grpc.requestCallback<_holdfast_v1_InvalidateTagsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes every value with one of the tags go, at once and for good; it wins over the loads of such
   * values.
   */
  invalidateTags(argument: _holdfast_v1_InvalidateTagsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_InvalidateTagsResponse__Output>): grpc.ClientUnaryCall;
  invalidateTags(argument: _holdfast_v1_InvalidateTagsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_InvalidateTagsResponse__Output>): grpc.ClientUnaryCall;
  invalidateTags(argument: _holdfast_v1_InvalidateTagsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_InvalidateTagsResponse__Output>): grpc.ClientUnaryCall;
  invalidateTags(argument: _holdfast_v1_InvalidateTagsRequest, callback: grpc.requestCallback<_holdfast_v1_InvalidateTagsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * For throughput: a stream of batches, each answered once, under its own id. Batches start in the
   * order sent; their answers come in the order in which they are done. The server stops reading
   * while 32 batches are being executed or the client does not read its answers, so the flow
   * control of HTTP/2 reaches the client. Closing the sending side lets outstanding batches finish;
   * a server that drains ends the stream with UNAVAILABLE (SERVER_DRAINING) once those it has read
   * are answered.
   */
  Pipeline(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_PipelineRequest, _holdfast_v1_PipelineResponse__Output>;
  Pipeline(options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_PipelineRequest, _holdfast_v1_PipelineResponse__Output>;
  /**
   * For throughput: a stream of batches, each answered once, under its own id. Batches start in the
   * order sent; their answers come in the order in which they are done. The server stops reading
   * while 32 batches are being executed or the client does not read its answers, so the flow
   * control of HTTP/2 reaches the client. Closing the sending side lets outstanding batches finish;
   * a server that drains ends the stream with UNAVAILABLE (SERVER_DRAINING) once those it has read
   * are answered.
   */
  pipeline(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_PipelineRequest, _holdfast_v1_PipelineResponse__Output>;
  pipeline(options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_PipelineRequest, _holdfast_v1_PipelineResponse__Output>;
  
  /**
   * Stores one value and answers once it has reached its durability.
   */
  Set(argument: _holdfast_v1_SetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SetResponse__Output>): grpc.ClientUnaryCall;
  Set(argument: _holdfast_v1_SetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SetResponse__Output>): grpc.ClientUnaryCall;
  Set(argument: _holdfast_v1_SetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SetResponse__Output>): grpc.ClientUnaryCall;
  Set(argument: _holdfast_v1_SetRequest, callback: grpc.requestCallback<_holdfast_v1_SetResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Stores one value and answers once it has reached its durability.
   */
  set(argument: _holdfast_v1_SetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SetResponse__Output>): grpc.ClientUnaryCall;
  set(argument: _holdfast_v1_SetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SetResponse__Output>): grpc.ClientUnaryCall;
  set(argument: _holdfast_v1_SetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SetResponse__Output>): grpc.ClientUnaryCall;
  set(argument: _holdfast_v1_SetRequest, callback: grpc.requestCallback<_holdfast_v1_SetResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Stores up to 10,000 values. Each succeeds or fails for itself.
   */
  SetMany(argument: _holdfast_v1_SetManyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SetManyResponse__Output>): grpc.ClientUnaryCall;
  SetMany(argument: _holdfast_v1_SetManyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SetManyResponse__Output>): grpc.ClientUnaryCall;
  SetMany(argument: _holdfast_v1_SetManyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SetManyResponse__Output>): grpc.ClientUnaryCall;
  SetMany(argument: _holdfast_v1_SetManyRequest, callback: grpc.requestCallback<_holdfast_v1_SetManyResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Stores up to 10,000 values. Each succeeds or fails for itself.
   */
  setMany(argument: _holdfast_v1_SetManyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SetManyResponse__Output>): grpc.ClientUnaryCall;
  setMany(argument: _holdfast_v1_SetManyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SetManyResponse__Output>): grpc.ClientUnaryCall;
  setMany(argument: _holdfast_v1_SetManyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SetManyResponse__Output>): grpc.ClientUnaryCall;
  setMany(argument: _holdfast_v1_SetManyRequest, callback: grpc.requestCallback<_holdfast_v1_SetManyResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Gives a live key a new deadline and keeps its value.
   */
  Touch(argument: _holdfast_v1_TouchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TouchResponse__Output>): grpc.ClientUnaryCall;
  Touch(argument: _holdfast_v1_TouchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_TouchResponse__Output>): grpc.ClientUnaryCall;
  Touch(argument: _holdfast_v1_TouchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TouchResponse__Output>): grpc.ClientUnaryCall;
  Touch(argument: _holdfast_v1_TouchRequest, callback: grpc.requestCallback<_holdfast_v1_TouchResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Gives a live key a new deadline and keeps its value.
   */
  touch(argument: _holdfast_v1_TouchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TouchResponse__Output>): grpc.ClientUnaryCall;
  touch(argument: _holdfast_v1_TouchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_TouchResponse__Output>): grpc.ClientUnaryCall;
  touch(argument: _holdfast_v1_TouchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_TouchResponse__Output>): grpc.ClientUnaryCall;
  touch(argument: _holdfast_v1_TouchRequest, callback: grpc.requestCallback<_holdfast_v1_TouchResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Reads and writes of one cache. Each operation on a key is atomic; operations of one client on one
 * stream, or in one batch, execute in the order sent.
 */
export interface CacheServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Executes up to 10,000 mixed operations in order. Each succeeds or fails for itself; this is no
   * transaction.
   */
  Batch: grpc.handleUnaryCall<_holdfast_v1_BatchRequest__Output, _holdfast_v1_BatchResponse>;
  
  /**
   * Removes one key.
   */
  Delete: grpc.handleUnaryCall<_holdfast_v1_DeleteRequest__Output, _holdfast_v1_DeleteResponse>;
  
  /**
   * Reads one key. A miss is a response without `entry`.
   */
  Get: grpc.handleUnaryCall<_holdfast_v1_GetRequest__Output, _holdfast_v1_GetResponse>;
  
  /**
   * Reads up to 10,000 keys.
   */
  GetMany: grpc.handleUnaryCall<_holdfast_v1_GetManyRequest__Output, _holdfast_v1_GetManyResponse>;
  
  /**
   * Reads one key; of all who miss it at one time exactly one is told to load it, with a fill
   * token, and the others wait for the value. The answer is one message, after which the stream
   * ends, unless it is a lease. Then the stream stays open for as long as the caller has to load:
   * it sets the value with `SetRequest.fill_token`, by any call that sets, or says that there is
   * none with `DeleteRequest.fill_token`, and the stream ends with OK. To end the call without that
   * is to give up: the next in line is told to load, as when the connection breaks. Once `fill_ttl`
   * is over the stream ends with UNAVAILABLE, and the next in line has the load.
   * 
   * Every write of the key during the load wins, `clear` included: what is set with that token then
   * goes to those who had been waiting, and is not stored. RESOURCE_EXHAUSTED (WAIT_QUEUE_FULL,
   * with RetryInfo) while 20,000 such calls are open. A server that drains ends all of them with
   * UNAVAILABLE (SERVER_DRAINING).
   */
  GetOrLease: grpc.handleServerStreamingCall<_holdfast_v1_GetOrLeaseRequest__Output, _holdfast_v1_GetOrLeaseResponse>;
  
  /**
   * Makes every value with one of the tags go, at once and for good; it wins over the loads of such
   * values.
   */
  InvalidateTags: grpc.handleUnaryCall<_holdfast_v1_InvalidateTagsRequest__Output, _holdfast_v1_InvalidateTagsResponse>;
  
  /**
   * For throughput: a stream of batches, each answered once, under its own id. Batches start in the
   * order sent; their answers come in the order in which they are done. The server stops reading
   * while 32 batches are being executed or the client does not read its answers, so the flow
   * control of HTTP/2 reaches the client. Closing the sending side lets outstanding batches finish;
   * a server that drains ends the stream with UNAVAILABLE (SERVER_DRAINING) once those it has read
   * are answered.
   */
  Pipeline: grpc.handleBidiStreamingCall<_holdfast_v1_PipelineRequest__Output, _holdfast_v1_PipelineResponse>;
  
  /**
   * Stores one value and answers once it has reached its durability.
   */
  Set: grpc.handleUnaryCall<_holdfast_v1_SetRequest__Output, _holdfast_v1_SetResponse>;
  
  /**
   * Stores up to 10,000 values. Each succeeds or fails for itself.
   */
  SetMany: grpc.handleUnaryCall<_holdfast_v1_SetManyRequest__Output, _holdfast_v1_SetManyResponse>;
  
  /**
   * Gives a live key a new deadline and keeps its value.
   */
  Touch: grpc.handleUnaryCall<_holdfast_v1_TouchRequest__Output, _holdfast_v1_TouchResponse>;
  
}

export interface CacheServiceDefinition extends grpc.ServiceDefinition {
  Batch: MethodDefinition<_holdfast_v1_BatchRequest, _holdfast_v1_BatchResponse, _holdfast_v1_BatchRequest__Output, _holdfast_v1_BatchResponse__Output>
  Delete: MethodDefinition<_holdfast_v1_DeleteRequest, _holdfast_v1_DeleteResponse, _holdfast_v1_DeleteRequest__Output, _holdfast_v1_DeleteResponse__Output>
  Get: MethodDefinition<_holdfast_v1_GetRequest, _holdfast_v1_GetResponse, _holdfast_v1_GetRequest__Output, _holdfast_v1_GetResponse__Output>
  GetMany: MethodDefinition<_holdfast_v1_GetManyRequest, _holdfast_v1_GetManyResponse, _holdfast_v1_GetManyRequest__Output, _holdfast_v1_GetManyResponse__Output>
  GetOrLease: MethodDefinition<_holdfast_v1_GetOrLeaseRequest, _holdfast_v1_GetOrLeaseResponse, _holdfast_v1_GetOrLeaseRequest__Output, _holdfast_v1_GetOrLeaseResponse__Output>
  InvalidateTags: MethodDefinition<_holdfast_v1_InvalidateTagsRequest, _holdfast_v1_InvalidateTagsResponse, _holdfast_v1_InvalidateTagsRequest__Output, _holdfast_v1_InvalidateTagsResponse__Output>
  Pipeline: MethodDefinition<_holdfast_v1_PipelineRequest, _holdfast_v1_PipelineResponse, _holdfast_v1_PipelineRequest__Output, _holdfast_v1_PipelineResponse__Output>
  Set: MethodDefinition<_holdfast_v1_SetRequest, _holdfast_v1_SetResponse, _holdfast_v1_SetRequest__Output, _holdfast_v1_SetResponse__Output>
  SetMany: MethodDefinition<_holdfast_v1_SetManyRequest, _holdfast_v1_SetManyResponse, _holdfast_v1_SetManyRequest__Output, _holdfast_v1_SetManyResponse__Output>
  Touch: MethodDefinition<_holdfast_v1_TouchRequest, _holdfast_v1_TouchResponse, _holdfast_v1_TouchRequest__Output, _holdfast_v1_TouchResponse__Output>
}
