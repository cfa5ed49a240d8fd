// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.auth.PasswordFile;
import dev.stafette.engine.auth.PasswordHash;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/**
 * {@code stafette passwd}: who may log in by a password file ({@code smtpd_sasl_type = stafette}).
 * Thread: main.
 */
@Command(
        name = "passwd",
        description = "Changes the password file of smtpd_sasl_type = stafette; it holds from the next login on.",
        synopsisSubcommandLabel = "add|remove|list",
        mixinStandardHelpOptions = true)
final class PasswdCommand implements Runnable {
    private static final String NAME = "stafette";

    private final Terminal terminal;

    @Option(
            names = "-c",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The configuration, whose smtpd_sasl_path is meant.")
    private String configDirectory = "";

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Another file.")
    private String file = "";

    PasswdCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        throw new ConfigException("passwd: no command (expected: add, remove or list)");
    }

    @Command(
            name = "add",
            description = "Gives a user a password, which is read from the terminal or the first line of input.")
    int add(
            @Parameters(paramLabel = "USER", description = "As the client will say it.") String user,
            @Option(
                            names = {"-s", "--scheme"},
                            paramLabel = "SCHEME",
                            defaultValue = "scram",
                            description =
                                    "scram, which serves every mechanism; bcrypt or argon2id, which serve PLAIN and LOGIN.")
                    String scheme)
            throws IOException {
        if (!PasswordFile.canHave(user)) {
            throw new ConfigException("passwd: '" + user + "' (expected: a name without spaces and colons)");
        }
        PasswordHash.Kind kind = kind(scheme);
        String password = password();
        if (password == null || password.isEmpty()) {
            throw new ConfigException("passwd: no password");
        }
        new PasswordFile(path()).put(user, PasswordHash.of(kind, password, new SecureRandom()));
        return ExitCode.OK;
    }

    private static PasswordHash.Kind kind(String scheme) {
        for (PasswordHash.Kind kind : PasswordHash.Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(scheme)) {
                return kind;
            }
        }
        throw new ConfigException("passwd: --scheme " + scheme + " (expected: scram, bcrypt or argon2id)");
    }

    @Command(name = "remove", description = "Lets a user log in no longer; exit code 1 when there is none.")
    int remove(@Parameters(paramLabel = "USER") String user) throws IOException {
        return new PasswordFile(path()).remove(user) ? ExitCode.OK : ExitCode.FAILED;
    }

    @Command(name = "list", description = "Prints the users, and how their passwords are kept.")
    int list() throws IOException {
        for (Map.Entry<String, List<PasswordHash>> user :
                new PasswordFile(path()).read().entrySet()) {
            for (PasswordHash hash : user.getValue()) {
                terminal.out().println(user.getKey() + "\t" + hash.kind().name().toLowerCase(Locale.ROOT));
            }
        }
        return ExitCode.OK;
    }

    /** Null when there is none, or the second is another than the first. */
    private @Nullable String password() throws IOException {
        Console console = System.console();
        if (console == null) {
            return new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8)).readLine();
        }
        char[] once = console.readPassword("Password: ");
        char[] again = console.readPassword("Again: ");
        return once != null && Arrays.equals(once, again) ? new String(once) : null;
    }

    private Path path() {
        if (!file.isEmpty()) {
            return Path.of(file);
        }
        Settings settings = Configuration.readMainCf(ConfigDirectory.find(terminal, configDirectory), new LocalHost())
                .settings();
        if (!settings.choice("smtpd_sasl_type").equals("stafette")) {
            throw new ConfigException("passwd: smtpd_sasl_type is " + settings.choice("smtpd_sasl_type")
                    + " (expected: stafette in main.cf, or --file)");
        }
        return Path.of(settings.text("queue_directory")).resolve(settings.text("smtpd_sasl_path"));
    }
}
