// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.SegmentFiles;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.RecoveryListener;
import dev.stafette.storage.journal.Replay;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A spool that no process has in use, to be looked at: nothing is written, moved or locked.
 * Thread: its owner's.
 *
 * <p>A process may start meanwhile, and change what is looked at. Every record and every extent has a checksum and the id
 * of its message, so the worst that can be seen is something that was true before, or a message that cannot be read.
 */
public final class StoppedSpool implements StoredBodies, AutoCloseable {
    private final SegmentFiles segments;
    private final BodyReader reader;

    private StoppedSpool(SegmentFiles segments) {
        this.segments = segments;
        this.reader = new BodyReader(segments::find);
    }

    /**
     * Reads the journal into the listener. What is damaged is told of and left where it is. A StorageException says why it
     * cannot be read; a spool that is not there is empty.
     */
    public static StoppedSpool read(Path directory, RecoveryListener listener) {
        StoppedSpool spool = new StoppedSpool(new SegmentFiles(directory));
        if (!Files.isDirectory(directory)) {
            return spool;
        }
        try {
            Replay replay = Replay.withoutChanges(directory, listener, new TailSearch(directory));
            replay.run();
            // What was never acknowledged would be dropped at the next start.
            for (Replay.Unproven last : replay.unproven()) {
                BodyRef body = listener.bodyOf(last.queueId());
                if (body != null && !spool.reader.isWhole(last.queueId(), body)) {
                    replay.withdraw(last);
                } else {
                    replay.settle(last);
                }
            }
            return spool;
        } catch (RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    @Override
    public BodySlice openBody(BodyRef body) {
        return reader.open(body);
    }

    @Override
    public StoredBody readEnvelope(long queueId, BodyRef body) {
        return reader.readEnvelope(queueId, body);
    }

    @Override
    public void close() {
        segments.close();
    }
}
