import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Any as _google_protobuf_Any, Any__Output as _google_protobuf_Any__Output } from './google/protobuf/Any.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from './google/protobuf/Duration.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp.ts';
import type { Status as _google_rpc_Status, Status__Output as _google_rpc_Status__Output } from './google/rpc/Status.ts';
import type { BatchRequest as _holdfast_v1_BatchRequest, BatchRequest__Output as _holdfast_v1_BatchRequest__Output } from './holdfast/v1/BatchRequest.ts';
import type { BatchResponse as _holdfast_v1_BatchResponse, BatchResponse__Output as _holdfast_v1_BatchResponse__Output } from './holdfast/v1/BatchResponse.ts';
import type { CacheServiceClient as _holdfast_v1_CacheServiceClient, CacheServiceDefinition as _holdfast_v1_CacheServiceDefinition } from './holdfast/v1/CacheService.ts';
import type { DeleteRequest as _holdfast_v1_DeleteRequest, DeleteRequest__Output as _holdfast_v1_DeleteRequest__Output } from './holdfast/v1/DeleteRequest.ts';
import type { DeleteResponse as _holdfast_v1_DeleteResponse, DeleteResponse__Output as _holdfast_v1_DeleteResponse__Output } from './holdfast/v1/DeleteResponse.ts';
import type { Entry as _holdfast_v1_Entry, Entry__Output as _holdfast_v1_Entry__Output } from './holdfast/v1/Entry.ts';
import type { Fence as _holdfast_v1_Fence, Fence__Output as _holdfast_v1_Fence__Output } from './holdfast/v1/Fence.ts';
import type { FillLease as _holdfast_v1_FillLease, FillLease__Output as _holdfast_v1_FillLease__Output } from './holdfast/v1/FillLease.ts';
import type { GetManyRequest as _holdfast_v1_GetManyRequest, GetManyRequest__Output as _holdfast_v1_GetManyRequest__Output } from './holdfast/v1/GetManyRequest.ts';
import type { GetManyResponse as _holdfast_v1_GetManyResponse, GetManyResponse__Output as _holdfast_v1_GetManyResponse__Output } from './holdfast/v1/GetManyResponse.ts';
import type { GetManyResult as _holdfast_v1_GetManyResult, GetManyResult__Output as _holdfast_v1_GetManyResult__Output } from './holdfast/v1/GetManyResult.ts';
import type { GetOrLeaseRequest as _holdfast_v1_GetOrLeaseRequest, GetOrLeaseRequest__Output as _holdfast_v1_GetOrLeaseRequest__Output } from './holdfast/v1/GetOrLeaseRequest.ts';
import type { GetOrLeaseResponse as _holdfast_v1_GetOrLeaseResponse, GetOrLeaseResponse__Output as _holdfast_v1_GetOrLeaseResponse__Output } from './holdfast/v1/GetOrLeaseResponse.ts';
import type { GetRequest as _holdfast_v1_GetRequest, GetRequest__Output as _holdfast_v1_GetRequest__Output } from './holdfast/v1/GetRequest.ts';
import type { GetResponse as _holdfast_v1_GetResponse, GetResponse__Output as _holdfast_v1_GetResponse__Output } from './holdfast/v1/GetResponse.ts';
import type { InvalidateTagsRequest as _holdfast_v1_InvalidateTagsRequest, InvalidateTagsRequest__Output as _holdfast_v1_InvalidateTagsRequest__Output } from './holdfast/v1/InvalidateTagsRequest.ts';
import type { InvalidateTagsResponse as _holdfast_v1_InvalidateTagsResponse, InvalidateTagsResponse__Output as _holdfast_v1_InvalidateTagsResponse__Output } from './holdfast/v1/InvalidateTagsResponse.ts';
import type { Operation as _holdfast_v1_Operation, Operation__Output as _holdfast_v1_Operation__Output } from './holdfast/v1/Operation.ts';
import type { OperationResult as _holdfast_v1_OperationResult, OperationResult__Output as _holdfast_v1_OperationResult__Output } from './holdfast/v1/OperationResult.ts';
import type { PipelineRequest as _holdfast_v1_PipelineRequest, PipelineRequest__Output as _holdfast_v1_PipelineRequest__Output } from './holdfast/v1/PipelineRequest.ts';
import type { PipelineResponse as _holdfast_v1_PipelineResponse, PipelineResponse__Output as _holdfast_v1_PipelineResponse__Output } from './holdfast/v1/PipelineResponse.ts';
import type { SetManyRequest as _holdfast_v1_SetManyRequest, SetManyRequest__Output as _holdfast_v1_SetManyRequest__Output } from './holdfast/v1/SetManyRequest.ts';
import type { SetManyResponse as _holdfast_v1_SetManyResponse, SetManyResponse__Output as _holdfast_v1_SetManyResponse__Output } from './holdfast/v1/SetManyResponse.ts';
import type { SetManyResult as _holdfast_v1_SetManyResult, SetManyResult__Output as _holdfast_v1_SetManyResult__Output } from './holdfast/v1/SetManyResult.ts';
import type { SetRequest as _holdfast_v1_SetRequest, SetRequest__Output as _holdfast_v1_SetRequest__Output } from './holdfast/v1/SetRequest.ts';
import type { SetResponse as _holdfast_v1_SetResponse, SetResponse__Output as _holdfast_v1_SetResponse__Output } from './holdfast/v1/SetResponse.ts';
import type { TouchRequest as _holdfast_v1_TouchRequest, TouchRequest__Output as _holdfast_v1_TouchRequest__Output } from './holdfast/v1/TouchRequest.ts';
import type { TouchResponse as _holdfast_v1_TouchResponse, TouchResponse__Output as _holdfast_v1_TouchResponse__Output } from './holdfast/v1/TouchResponse.ts';
import type { Value as _holdfast_v1_Value, Value__Output as _holdfast_v1_Value__Output } from './holdfast/v1/Value.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Any: MessageTypeDefinition<_google_protobuf_Any, _google_protobuf_Any__Output>
      Duration: MessageTypeDefinition<_google_protobuf_Duration, _google_protobuf_Duration__Output>
      Timestamp: MessageTypeDefinition<_google_protobuf_Timestamp, _google_protobuf_Timestamp__Output>
    }
    rpc: {
      Status: MessageTypeDefinition<_google_rpc_Status, _google_rpc_Status__Output>
    }
  }
  holdfast: {
    v1: {
      BatchRequest: MessageTypeDefinition<_holdfast_v1_BatchRequest, _holdfast_v1_BatchRequest__Output>
      BatchResponse: MessageTypeDefinition<_holdfast_v1_BatchResponse, _holdfast_v1_BatchResponse__Output>
      /**
       * Reads and writes of one cache. Each operation on a key is atomic; operations of one client on one
       * stream, or in one batch, execute in the order sent.
       */
      CacheService: SubtypeConstructor<typeof grpc.Client, _holdfast_v1_CacheServiceClient> & { service: _holdfast_v1_CacheServiceDefinition }
      DeleteRequest: MessageTypeDefinition<_holdfast_v1_DeleteRequest, _holdfast_v1_DeleteRequest__Output>
      DeleteResponse: MessageTypeDefinition<_holdfast_v1_DeleteResponse, _holdfast_v1_DeleteResponse__Output>
      Durability: EnumTypeDefinition
      Encoding: EnumTypeDefinition
      Entry: MessageTypeDefinition<_holdfast_v1_Entry, _holdfast_v1_Entry__Output>
      Fence: MessageTypeDefinition<_holdfast_v1_Fence, _holdfast_v1_Fence__Output>
      FillLease: MessageTypeDefinition<_holdfast_v1_FillLease, _holdfast_v1_FillLease__Output>
      GetManyRequest: MessageTypeDefinition<_holdfast_v1_GetManyRequest, _holdfast_v1_GetManyRequest__Output>
      GetManyResponse: MessageTypeDefinition<_holdfast_v1_GetManyResponse, _holdfast_v1_GetManyResponse__Output>
      GetManyResult: MessageTypeDefinition<_holdfast_v1_GetManyResult, _holdfast_v1_GetManyResult__Output>
      GetOrLeaseRequest: MessageTypeDefinition<_holdfast_v1_GetOrLeaseRequest, _holdfast_v1_GetOrLeaseRequest__Output>
      GetOrLeaseResponse: MessageTypeDefinition<_holdfast_v1_GetOrLeaseResponse, _holdfast_v1_GetOrLeaseResponse__Output>
      GetRequest: MessageTypeDefinition<_holdfast_v1_GetRequest, _holdfast_v1_GetRequest__Output>
      GetResponse: MessageTypeDefinition<_holdfast_v1_GetResponse, _holdfast_v1_GetResponse__Output>
      InvalidateTagsRequest: MessageTypeDefinition<_holdfast_v1_InvalidateTagsRequest, _holdfast_v1_InvalidateTagsRequest__Output>
      InvalidateTagsResponse: MessageTypeDefinition<_holdfast_v1_InvalidateTagsResponse, _holdfast_v1_InvalidateTagsResponse__Output>
      Operation: MessageTypeDefinition<_holdfast_v1_Operation, _holdfast_v1_Operation__Output>
      OperationResult: MessageTypeDefinition<_holdfast_v1_OperationResult, _holdfast_v1_OperationResult__Output>
      PipelineRequest: MessageTypeDefinition<_holdfast_v1_PipelineRequest, _holdfast_v1_PipelineRequest__Output>
      PipelineResponse: MessageTypeDefinition<_holdfast_v1_PipelineResponse, _holdfast_v1_PipelineResponse__Output>
      SetManyRequest: MessageTypeDefinition<_holdfast_v1_SetManyRequest, _holdfast_v1_SetManyRequest__Output>
      SetManyResponse: MessageTypeDefinition<_holdfast_v1_SetManyResponse, _holdfast_v1_SetManyResponse__Output>
      SetManyResult: MessageTypeDefinition<_holdfast_v1_SetManyResult, _holdfast_v1_SetManyResult__Output>
      SetRequest: MessageTypeDefinition<_holdfast_v1_SetRequest, _holdfast_v1_SetRequest__Output>
      SetResponse: MessageTypeDefinition<_holdfast_v1_SetResponse, _holdfast_v1_SetResponse__Output>
      TouchRequest: MessageTypeDefinition<_holdfast_v1_TouchRequest, _holdfast_v1_TouchRequest__Output>
      TouchResponse: MessageTypeDefinition<_holdfast_v1_TouchResponse, _holdfast_v1_TouchResponse__Output>
      Value: MessageTypeDefinition<_holdfast_v1_Value, _holdfast_v1_Value__Output>
    }
  }
}

