// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.storage.StorageSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueSizesTest {
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
    void fitTheFileSystem(long megabytes, long segment, long generation, long ballast) {
        long bytes = megabytes << 20;
        assertEquals(segment << 20, QueueSizes.segmentBytes(bytes));
        assertEquals(generation << 20, QueueSizes.generationBytes(bytes));
        assertEquals(ballast << 20, QueueSizes.ballastBytes(bytes));
    }

    @Test
    void areThoseOfTheSpoolOnALargeFileSystem() {
        StorageSettings settings = StorageSettings.of(Path.of("/q"));
        assertEquals(QueueSizes.segmentBytes(Long.MAX_VALUE), settings.segmentBytes());
        assertEquals(QueueSizes.generationBytes(Long.MAX_VALUE), settings.generationBytes());
        assertEquals(QueueSizes.ballastBytes(Long.MAX_VALUE), settings.ballastBytes());
    }
}
