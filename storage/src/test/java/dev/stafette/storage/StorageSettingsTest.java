// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StorageSettingsTest {
    @Test
    void saysWhatTheQueueNeeds() {
        StorageSettings settings = new StorageSettings(Path.of("/q"), 4 << 20, 8 << 20, 2 << 20, 4 << 20, 15_360_000);
        assertEquals(
                "queue_directory needs 43 MB free: segments 2 x 4 MB, journal 12 MB, ballast 4 MB, kept free 19 MB",
                settings.needText());
        assertEquals(44_720_128, settings.neededBytes());
    }
}
