// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench;

import dev.stafette.bench.load.HandshakeBench;
import dev.stafette.bench.load.IdleBench;
import dev.stafette.bench.load.LookupBench;
import dev.stafette.bench.load.MailboxBench;
import dev.stafette.bench.load.MilterBench;
import dev.stafette.bench.load.QueueBench;
import dev.stafette.bench.load.RelayBench;
import dev.stafette.bench.load.RestartBench;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What {@code java -jar benchmarks.jar} runs: {@code relay}, {@code idle}, {@code handshakes}, {@code lookups}, {@code mailboxes}, {@code milter},
 * {@code queue} and {@code restart} measure an installed relay, everything else is JMH.
 * Thread: main.
 */
public final class Main {
    private static final String JVM_OPTION = "-jvmArgsAppend";
    /** As the launcher and the jar's manifest have it; neither holds for the JVMs that JMH forks. */
    private static final String JVM_OPTIONS = String.join(
            " ",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xmx1g",
            "-XX:MaxDirectMemorySize=2g",
            "-Dio.netty.allocator.type=pooled",
            "-Dio.netty.leakDetection.level=disabled",
            "-Dchronicle.analytics.disable=true");

    private Main() {}

    public static void main(String[] words) throws IOException {
        String name = words.length == 0 ? "" : words[0];
        String[] arguments = words.length == 0 ? words : Arrays.copyOfRange(words, 1, words.length);
        // The list of what JMH does not run.
        switch (name) {
            case "relay" -> System.exit(RelayBench.run(arguments));
            case "idle" -> System.exit(IdleBench.run(arguments));
            case "handshakes" -> System.exit(HandshakeBench.run(arguments));
            case "lookups" -> System.exit(LookupBench.run(arguments));
            case "mailboxes" -> System.exit(MailboxBench.run(arguments));
            case "milter" -> System.exit(MilterBench.run(arguments));
            case "queue" -> System.exit(QueueBench.run(arguments));
            case "restart" -> System.exit(RestartBench.run(arguments));
            default -> runJmh(words);
        }
    }

    private static void runJmh(String[] words) throws IOException {
        List<String> forJmh = new ArrayList<>(Arrays.asList(words));
        if (!forJmh.contains(JVM_OPTION)) {
            forJmh.add(JVM_OPTION);
            forJmh.add(JVM_OPTIONS);
        }
        org.openjdk.jmh.Main.main(forJmh.toArray(String[]::new));
    }
}
