// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import dev.stafette.codec.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Debian's Postfix; without rows of a queue manager, what it took stays where it is. */
final class PostfixSide implements Side {
    private static final Pattern FOR_SMTPD_ONLY =
            Pattern.compile("smtpd_|\\w*class\\d* |\\w+_reject_code |\\w+_tempfail_action ");

    private final PostfixInstance postfix;
    private final List<Integer> ports;

    private PostfixSide(PostfixInstance postfix, List<Integer> ports) {
        this.postfix = postfix;
        this.ports = ports;
    }

    /** {@code more}: rows of master.cf. */
    static PostfixSide start(CaseFile file, Surroundings around, List<String> more, Path directory)
            throws IOException, InterruptedException {
        List<Integer> ports = FreePorts.find(file.blocks().size());
        List<String> main = new ArrayList<>(around.settings(file, directory));
        List<String> rows = new ArrayList<>(more);
        rows.addAll(rows(file, around, directory, ports));
        // Nobody takes messages out of the queue.
        main.add("in_flow_delay = 0");
        return new PostfixSide(
                PostfixInstance.start(
                        directory,
                        main,
                        rows,
                        around.writeTables(file.blocks(), directory),
                        around.nameServer(),
                        ports.get(ports.size() - 1)),
                ports);
    }

    /** Programs read their settings when they start: a block has those of its own that it says something to. */
    private static List<String> rows(CaseFile file, Surroundings around, Path directory, List<Integer> ports) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            List<String> settings =
                    new ArrayList<>(around.settings(file.blocks().get(i), directory));
            boolean isForSmtpdOnly = settings.stream()
                    .allMatch(line -> FOR_SMTPD_ONLY.matcher(line).lookingAt());
            settings.add("syslog_name = block" + i);
            if (!isForSmtpdOnly) {
                settings.add("rewrite_service_name = rewrite" + i);
                String options = Side.options(settings);
                rows.add("rewrite" + i + " unix - - n - - trivial-rewrite" + options);
                rows.add("cleanup" + i + " unix n - n - 0 cleanup" + options);
                settings.add("cleanup_service_name = cleanup" + i);
            }
            rows.add(Side.row(ports.get(i), "smtpd", settings));
        }
        return rows;
    }

    @Override
    public InetSocketAddress address(int block) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(block));
    }

    @Override
    public void close() throws IOException {
        postfix.close();
    }
}
