// The memory of calls without tables. It keeps the same contract as the one on tables (call-record-contract.ts).
import * as z from 'zod';
import { MEMORY_ENTRIES } from '../../shared/voice/call-memory.ts';
import type { MemoryEntries, OpenCallRecord } from '../../shared/voice/call-memory.ts';
import type { ToolResult } from '../../shared/voice/tool-result.ts';

const memory = z.object(MEMORY_ENTRIES).partial();

/** The memory of all calls. Entries are held as JSON, as in the tables: whoever changes an object changes nothing here. */
export function createFakeCallRecords(): OpenCallRecord {
  const memories = new Map<string, string>();
  const results = new Map<string, string>();

  return (userId, callId) => {
    const call = JSON.stringify([userId, callId]);
    const recall = (): MemoryEntries => memory.parse(JSON.parse(memories.get(call) ?? '{}'));
    return {
      recall: () => Promise.resolve(recall()),
      remember(changes) {
        memories.set(call, JSON.stringify({ ...recall(), ...changes }));
        return Promise.resolve();
      },
      findResult(toolCallKey) {
        const stored = results.get(JSON.stringify([call, toolCallKey]));
        return Promise.resolve(stored === undefined ? null : (JSON.parse(stored) as ToolResult));
      },
      saveResult(toolCallKey, result, _now, remembered) {
        const key = JSON.stringify([call, toolCallKey]);
        if (results.has(key)) return Promise.resolve();
        results.set(key, JSON.stringify(result));
        memories.set(call, JSON.stringify({ ...recall(), ...remembered }));
        return Promise.resolve();
      },
    };
  };
}
