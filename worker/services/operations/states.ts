import { isOpen, OperationState } from '../../../contract/api/operations.ts'

/** The states of an operation that has not ended. */
export const openStates: OperationState[] = OperationState.options.filter(isOpen)
