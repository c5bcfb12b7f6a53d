import type {
  handleUnaryCall,
  ServiceDefinition,
  sendUnaryData,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { HoldfastError } from '@holdfast/core';
import type { CacheOperationResult } from '@holdfast/core/backend';
import { loadHoldfastProtos } from '@holdfast/protos';
import { malformedError } from '../status/request-errors.ts';
import { serviceError } from '../status/status.ts';
import { MalformedMessage, tolerant } from '../wire/message-reader.ts';
import { encodeFillAnswer, type FillCalls } from './fill-calls.ts';
import {
  type DecodedBatch,
  type DecodedOperation,
  decodeBatch,
  decodeDelete,
  decodeGet,
  decodeGetMany,
  decodeInvalidateTags,
  decodePipelineBatch,
  decodeSet,
  decodeSetMany,
  decodeTouch,
} from './operation-decoder.ts';
import { assertBatchSize, type OperationExecutor } from './operation-executor.ts';
import type { Pipelines } from './pipeline.ts';
import {
  encodeBatchResponse,
  encodeGetManyResponse,
  encodePipelineResponse,
  encodeResponse,
  encodeSetManyResponse,
} from './result-encoder.ts';

/**
 * The service as grpc-js takes it: the methods of the protos, with decoders and encoders of our
 * own.
 */
export function cacheServiceDefinition(): ServiceDefinition {
  const { cacheService } = loadHoldfastProtos();
  return {
    Get: {
      ...cacheService.Get,
      requestDeserialize: tolerant(decodeGet),
      responseSerialize: encodeResponse,
    },
    Set: {
      ...cacheService.Set,
      requestDeserialize: tolerant(decodeSet),
      responseSerialize: encodeResponse,
    },
    Delete: {
      ...cacheService.Delete,
      requestDeserialize: tolerant(decodeDelete),
      responseSerialize: encodeResponse,
    },
    Touch: {
      ...cacheService.Touch,
      requestDeserialize: tolerant(decodeTouch),
      responseSerialize: encodeResponse,
    },
    InvalidateTags: {
      ...cacheService.InvalidateTags,
      requestDeserialize: tolerant(decodeInvalidateTags),
      responseSerialize: encodeResponse,
    },
    GetMany: {
      ...cacheService.GetMany,
      requestDeserialize: tolerant(decodeGetMany),
      responseSerialize: encodeGetManyResponse,
    },
    SetMany: {
      ...cacheService.SetMany,
      requestDeserialize: tolerant(decodeSetMany),
      responseSerialize: encodeSetManyResponse,
    },
    Batch: {
      ...cacheService.Batch,
      requestDeserialize: tolerant(decodeBatch),
      responseSerialize: encodeBatchResponse,
    },
    GetOrLease: {
      ...cacheService.GetOrLease,
      requestDeserialize: tolerant(cacheService.GetOrLease.requestDeserialize),
      responseSerialize: encodeFillAnswer,
    },
    Pipeline: {
      ...cacheService.Pipeline,
      requestDeserialize: tolerant(decodePipelineBatch),
      responseSerialize: encodePipelineResponse,
    },
  };
}

export function cacheServiceHandlers(
  executor: OperationExecutor,
  pipelines: Pipelines,
  fillCalls: FillCalls,
): UntypedServiceImplementation {
  const one: handleUnaryCall<DecodedOperation | MalformedMessage, CacheOperationResult> = (
    call,
    callback,
  ) => {
    const operation = call.request;
    if (operation instanceof MalformedMessage) {
      callback(serviceError(malformedError(operation)));
      return;
    }
    executor.executeOne(operation).then(
      (result) => {
        if (result.kind !== 'error') callback(null, result);
        else callback(serviceError(HoldfastError.from(result.error)));
      },
      (error: unknown) => callback(serviceError(HoldfastError.from(error))),
    );
  };
  const many: handleUnaryCall<DecodedBatch | MalformedMessage, readonly CacheOperationResult[]> = (
    call,
    callback,
  ) => {
    answerBatch(executor, call.request, callback);
  };
  return {
    Get: one,
    Set: one,
    Delete: one,
    Touch: one,
    InvalidateTags: one,
    GetMany: many,
    SetMany: many,
    Batch: many,
    GetOrLease: fillCalls.handle,
    Pipeline: pipelines.handle,
  };
}

async function answerBatch(
  executor: OperationExecutor,
  batch: DecodedBatch | MalformedMessage,
  callback: sendUnaryData<readonly CacheOperationResult[]>,
): Promise<void> {
  try {
    if (batch instanceof MalformedMessage) throw malformedError(batch);
    assertBatchSize(batch.count);
    callback(null, await executor.execute(batch.operations));
  } catch (error) {
    callback(serviceError(HoldfastError.from(error)));
  }
}
