// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.scheduler.Entry;

/** One entry that a transport is working on. Thread: queue agent; others pass it on without looking. */
record DispatchedEntry(Entry entry, ActiveMessage message, String transport, long dispatchedNs) {}
