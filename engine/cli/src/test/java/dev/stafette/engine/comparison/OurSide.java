// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import dev.stafette.codec.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Ours, in this JVM. */
final class OurSide implements Side {
    private final OurInstance ours;
    private final List<Integer> ports;

    private OurSide(OurInstance ours, List<Integer> ports) {
        this.ours = ours;
        this.ports = ports;
    }

    static OurSide start(CaseFile file, Surroundings around, Path directory) throws IOException {
        List<Integer> ports = FreePorts.find(file.blocks().size());
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            List<String> settings =
                    new ArrayList<>(around.settings(file.blocks().get(i), directory));
            rows.add("rewrite" + i + " unix - - n - - trivial-rewrite" + Side.options(settings));
            settings.add("rewrite_service_name = rewrite" + i);
            rows.add(Side.row(ports.get(i), "smtpd", settings));
        }
        List<String> tables = around.writeTables(file.blocks(), directory);
        return new OurSide(
                OurInstance.start(directory, around.settings(file, directory), rows, tables, around.nameServer()),
                ports);
    }

    @Override
    public InetSocketAddress address(int block) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(block));
    }

    @Override
    public void close() throws IOException {
        ours.close();
    }
}
