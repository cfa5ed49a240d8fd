// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageSettingsTest {
    @ParameterizedTest
    @CsvSource({
        // file system, segment, generation, ballast; all in MB
        "1, 4, 8, 4",
        "56, 4, 8, 4",
        "64, 4, 8, 4",
        "127, 4, 8, 4",
        "128, 8, 16, 8",
        "300, 16, 32, 16",
        "1200, 64, 128, 16",
        "2047, 64, 128, 16",
        "2048, 128, 256, 16",
        "10000000, 128, 256, 16",
    })
    void hasSizesThatFitTheFileSystem(long megabytes, int segment, long generation, long ballast) {
        long bytes = megabytes << 20;
        assertEquals(segment << 20, StorageSettings.segmentBytesFor(bytes));
        assertEquals(generation << 20, StorageSettings.generationBytesFor(bytes));
        assertEquals(ballast << 20, StorageSettings.ballastBytesFor(bytes));
    }

    @Test
    void hasTheSizesOfALargeFileSystemByDefault() {
        StorageSettings settings = StorageSettings.of(Path.of("/q"));
        assertEquals(StorageSettings.segmentBytesFor(Long.MAX_VALUE), settings.segmentBytes());
        assertEquals(StorageSettings.generationBytesFor(Long.MAX_VALUE), settings.generationBytes());
        assertEquals(StorageSettings.ballastBytesFor(Long.MAX_VALUE), settings.ballastBytes());
    }

    @Test
    void saysWhatTheQueueNeeds() {
        StorageSettings settings = new StorageSettings(Path.of("/q"), 4 << 20, 8 << 20, 2 << 20, 4 << 20, 15_360_000);
        assertEquals(
                "queue_directory needs 43 MB free: segments 2 x 4 MB, journal 12 MB, ballast 4 MB, kept free 19 MB",
                settings.needText());
        assertEquals(44_720_128, settings.neededBytes());
    }
}
