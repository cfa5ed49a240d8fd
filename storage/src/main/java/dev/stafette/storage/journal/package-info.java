// SPDX-License-Identifier: Apache-2.0
/** The journal of queue state: fixed-layout records in Chronicle queues, one queue directory a generation. Chronicle's types stop here. Thread: queue agent; what waits for the disk is done by others. */
@NullMarked
package dev.stafette.storage.journal;

import org.jspecify.annotations.NullMarked;
