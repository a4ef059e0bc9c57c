import * as z from 'zod'
import { fieldMessage } from './ui/field-message.ts'

// This module is imported first, because schemas decide when they are made: the content policy forbids
// building code from text, which zod does for speed.
z.config({ jitless: true, customError: fieldMessage })
