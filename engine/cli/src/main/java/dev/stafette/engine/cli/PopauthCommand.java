// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.cli.terminal.AsOwner;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.Strangers;
import dev.stafette.engine.config.ValueType;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.table.file.PopauthFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/**
 * {@code stafette popauth}: who has logged in elsewhere, by POP3 or IMAP, and may send mail for a while.
 * Thread: main.
 */
@Command(
        name = "popauth",
        description =
                "Lets clients in for a while that have logged in elsewhere: popauth:$popauth_file answers OK for them.",
        synopsisSubcommandLabel = "add|remove|list",
        mixinStandardHelpOptions = true)
final class PopauthCommand implements Runnable {
    private static final String NAME = "stafette";
    private static final ValueType.Time TIME = new ValueType.Time('s', 1, Integer.MAX_VALUE);

    private final Terminal terminal;

    @Option(
            names = "-c",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The configuration, whose popauth_file is meant.")
    private String configDirectory = "";

    PopauthCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        throw new ConfigException("popauth: no command (expected: add, remove or list)");
    }

    @Command(name = "add", description = "Lets a client in; one that is in stays at least as long as it would have.")
    int add(
            @Parameters(paramLabel = "ADDRESS", description = "IPv4 or IPv6.") String address,
            @Option(
                            names = "--ttl",
                            paramLabel = "TIME",
                            defaultValue = "",
                            description = "For how long, as 30m; popauth_time_to_live without.")
                    String timeToLive)
            throws IOException {
        String key = key(address);
        Settings settings = settings();
        long endS = nowS() + timeToLive(timeToLive, settings).toSeconds();
        List<String> words = timeToLive.isEmpty() ? List.of("add", key) : List.of("add", key, "--ttl", timeToLive);
        return change(settings, words, ends -> {
            ends.merge(key, endS, Math::max);
            return true;
        });
    }

    @Command(name = "remove", description = "Lets a client in no longer; exit code 1 when it was not.")
    int remove(@Parameters(paramLabel = "ADDRESS", description = "IPv4 or IPv6.") String address) throws IOException {
        String key = key(address);
        return change(settings(), List.of("remove", key), ends -> ends.remove(key) != null);
    }

    @Command(name = "list", description = "Prints the clients that are let in, and until when.")
    int list() throws IOException {
        try {
            new PopauthFile(file(settings()))
                    .read(nowS())
                    .forEach((address, endS) -> terminal.out().println(address + "\t" + Instant.ofEpochSecond(endS)));
            return ExitCode.OK;
        } catch (IOException e) {
            return refuse(file(settings()), e);
        }
    }

    private int change(Settings settings, List<String> words, PopauthFile.Change change) {
        Path file = file(settings);
        Strangers strangers = Strangers.onTheWayTo(file);
        if (strangers.exist()) {
            List<String> whole =
                    new ArrayList<>(List.of("popauth", "-c", directory().toString()));
            whole.addAll(words);
            return new AsOwner(terminal, NAME, strangers)
                    .run(ExitCode.FAILED, NAME, whole, InputStream.nullInputStream());
        }
        try {
            boolean isDifferent = new PopauthFile(file).change(nowS(), settings.count("popauth_entry_limit"), change);
            return isDifferent ? ExitCode.OK : ExitCode.FAILED;
        } catch (IOException e) {
            return refuse(file, e);
        }
    }

    private int refuse(Path file, IOException e) {
        String why = String.valueOf(e.getMessage());
        if (e instanceof AccessDeniedException) {
            why = "Permission denied (expected: a directory in which this user may make files)";
        } else if (e instanceof NoSuchFileException) {
            why = "there is no such directory";
        }
        return terminal.fatal(NAME, ExitCode.FAILED, "popauth: " + file + ": " + why);
    }

    private static String key(String text) {
        InetAddress address = IpText.parse(text);
        if (address == null) {
            throw new ConfigException("popauth: '" + text + "' (expected: an IPv4 or IPv6 address)");
        }
        return IpText.format(address);
    }

    private static Duration timeToLive(String text, Settings settings) {
        if (text.isEmpty()) {
            return settings.time("popauth_time_to_live");
        }
        Duration time = TIME.parse(text);
        if (time == null) {
            throw new ConfigException("popauth: --ttl " + text + " (expected: " + TIME.expected() + ")");
        }
        return time;
    }

    private Path directory() {
        return ConfigDirectory.find(terminal, configDirectory);
    }

    private Settings settings() {
        return Configuration.readMainCf(directory(), new LocalHost()).settings();
    }

    private static Path file(Settings settings) {
        return Path.of(settings.text("popauth_file"));
    }

    private static long nowS() {
        return System.currentTimeMillis() / 1000;
    }
}
