// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.engine.config.Settings;
import dev.stafette.storage.StorageSettings;
import java.nio.file.Path;

/**
 * What main.cf says to the storage.
 * Thread: start-up.
 */
public final class StorageSection {
    private StorageSection() {}

    public static StorageSettings of(Settings settings, Path queueDirectory) {
        return new StorageSettings(
                queueDirectory,
                Math.toIntExact(settings.size("body_segment_size")),
                settings.size("journal_generation_size"),
                Math.toIntExact(settings.size("journal_reserve_size")),
                settings.size("queue_ballast_size"),
                freeBytesMin(settings));
    }

    /** Postfix refuses mail when the free space is below either. */
    private static long freeBytesMin(Settings settings) {
        long messageSizeMax = settings.size("message_size_limit");
        return Math.max(settings.size("queue_minfree"), messageSizeMax + messageSizeMax / 2);
    }
}
