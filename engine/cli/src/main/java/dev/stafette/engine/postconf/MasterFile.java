// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LogicalLine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What master.cf says.
 * Thread: main.
 */
public final class MasterFile {
    private final String name;
    private final List<ServiceLine> services = new ArrayList<>();

    private MasterFile(Path file) {
        this.name = file.toString();
    }

    /** A file that is not there is an error if it is {@code needed}; else a warning, and nothing is in it. */
    public static MasterFile read(String directory, boolean needed, Warnings warnings) {
        Path file = Path.of(directory, "master.cf");
        MasterFile master = new MasterFile(file);
        String text;
        try {
            text = ConfigFile.read(file);
        } catch (ConfigException e) {
            if (needed) {
                throw e;
            }
            warnings.warn(String.valueOf(e.getMessage()));
            return master;
        }
        for (LogicalLine line : LogicalLine.split(text)) {
            if (line.startsWithSpace()) {
                warnings.warn(file + ": " + line.leadingSpaceText());
            } else {
                String origin = "file " + file + ": line " + line.number();
                master.services.add(ServiceLine.parse(origin, line.text(), warnings));
            }
        }
        return master;
    }

    /** In the order of the file; the same service can be there twice. */
    public List<ServiceLine> services() {
        return services;
    }

    /** Stands in messages. */
    String name() {
        return name;
    }
}
