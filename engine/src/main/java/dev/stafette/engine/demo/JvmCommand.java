// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to start the mail system in a JVM of its own.
 * Thread: any (a value).
 *
 * @param before words that run the rest as somebody else; often none
 * @param options for the JVM
 */
public record JvmCommand(List<String> before, Path java, List<String> options, String classPath) {
    private static final String MAIN_CLASS = "dev.stafette.engine.cli.Main";
    /** What the classes need that a jar's manifest opens when it is started with {@code -jar}, and only then. */
    private static final List<String> OPENS = List.of(
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED");

    /** The same Java with the same options and classes as this process. */
    public static JvmCommand likeThisOne() {
        List<String> options = new ArrayList<>();
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            // Two debuggers, agents or the like cannot share a port or a file.
            if (!option.startsWith("-agent") && !option.startsWith("-javaagent")) {
                options.add(option);
            }
        }
        return new JvmCommand(List.of(), thisJava(), options, System.getProperty("java.class.path"));
    }

    public static Path thisJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** The words that run a command of the mail system. */
    List<String> line(List<String> command) {
        List<String> line = new ArrayList<>(before);
        line.add(java.toString());
        line.addAll(options);
        if (classPath.endsWith("stafette.jar")) {
            line.addAll(List.of("-jar", classPath));
        } else {
            line.addAll(OPENS);
            line.addAll(List.of("-cp", classPath, MAIN_CLASS));
        }
        line.addAll(command);
        return line;
    }
}
