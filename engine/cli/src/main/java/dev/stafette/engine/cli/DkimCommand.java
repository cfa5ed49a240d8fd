// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.codec.address.DomainName;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.delivery.DnsSection;
import dev.stafette.engine.dkim.NewKey;
import dev.stafette.engine.dkim.PublishedKey;
import dev.stafette.engine.names.HostsFile;
import dev.stafette.engine.names.NameQuestions;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code stafette dkim}: makes keys for signatures, and tells whether those of dkim_key_table are published.
 * Thread: main.
 */
@Command(
        name = "dkim",
        description = "Makes keys for DKIM signatures, and tells whether they are published.",
        synopsisSubcommandLabel = "keygen|check",
        mixinStandardHelpOptions = true)
final class DkimCommand implements Runnable {
    private static final int RSA_BITS_MIN = 1024;
    private static final int RSA_BITS_MAX = 4096;

    private final Terminal terminal;

    DkimCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        throw new ConfigException("dkim: no command (expected: keygen or check)");
    }

    @Command(
            name = "keygen",
            description =
                    "Writes a new private key, DOMAIN.SELECTOR.private, and prints its record and the lines of the"
                            + " tables.",
            mixinStandardHelpOptions = true)
    int keygen(
            @Parameters(paramLabel = "DOMAIN", description = "In whose name it signs.") String domain,
            @Parameters(paramLabel = "SELECTOR", description = "Tells it from other keys of the domain.")
                    String selector,
            @Option(
                            names = {"-t", "--type"},
                            paramLabel = "TYPE",
                            defaultValue = "rsa",
                            description = "rsa or ed25519.")
                    String type,
            @Option(
                            names = {"-b", "--bits"},
                            paramLabel = "BITS",
                            defaultValue = "2048",
                            description = "Of an RSA key.")
                    int bits,
            @Option(
                            names = {"-D", "--directory"},
                            paramLabel = "DIR",
                            defaultValue = "",
                            description = "Where the file is written; by default here.")
                    String directory)
            throws IOException, GeneralSecurityException {
        String name = domain.toLowerCase(Locale.ROOT);
        if (!DomainName.isHostName(name) || !DomainName.isHostName(selector + "._domainkey." + name)) {
            throw new ConfigException("dkim: '" + domain + "' '" + selector + "' (expected: a domain and a selector)");
        }
        Path file = Path.of(directory, name + "." + selector + ".private")
                .toAbsolutePath()
                .normalize();
        NewKey key = key(type, bits);
        try {
            key.write(file);
        } catch (FileAlreadyExistsException e) {
            throw new ConfigException("dkim: " + file + " is there already (expected: a new selector)");
        }
        terminal.out().println("; the zone of " + name);
        terminal.out().println(key.zoneLines(selector, name));
        terminal.out().println("# dkim_key_table");
        terminal.out().println(selector + "." + name + "\t" + name + ":" + selector + ":" + file);
        terminal.out().println("# dkim_signing_table, where there is one");
        terminal.out().println(name + "\t" + selector + "." + name);
        return ExitCode.OK;
    }

    private static NewKey key(String type, int bits) throws GeneralSecurityException {
        return switch (type) {
            case "ed25519" -> NewKey.ed25519();
            case "rsa" -> {
                if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
                    throw new ConfigException(
                            "dkim: --bits " + bits + " (expected: " + RSA_BITS_MIN + ".." + RSA_BITS_MAX + ")");
                }
                yield NewKey.rsa(bits);
            }
            default -> throw new ConfigException("dkim: --type " + type + " (expected: rsa or ed25519)");
        };
    }

    @Command(
            name = "check",
            description =
                    "Asks the DNS for the keys of dkim_key_table. Exit codes: 0 all fit, 1 some do not, 75 the DNS has"
                            + " no answer.",
            mixinStandardHelpOptions = true)
    int check(
            @Option(names = "-c", paramLabel = "DIR", defaultValue = "", description = "The configuration.")
                    String configDirectory,
            @Option(
                            names = {"-f", "--file"},
                            paramLabel = "FILE",
                            defaultValue = "",
                            description = "Another key table.")
                    String file)
            throws IOException {
        Settings settings = Configuration.readMainCf(ConfigDirectory.find(terminal, configDirectory), new LocalHost())
                .settings();
        String table = file.isEmpty() ? settings.text("dkim_key_table") : file;
        if (table.isEmpty()) {
            throw new ConfigException("dkim: no keys (expected: dkim_key_table in main.cf, or --file)");
        }
        int exitCode = ExitCode.OK;
        for (PublishedKey key : published(Path.of(table), settings)) {
            terminal.out().println(key.key() + "\t" + key.record() + "\t" + key.detail());
            if (key.state() == PublishedKey.State.WRONG) {
                exitCode = ExitCode.FAILED;
            } else if (key.state() == PublishedKey.State.UNKNOWN && exitCode == ExitCode.OK) {
                exitCode = ExitCode.TRY_AGAIN;
            }
        }
        return exitCode;
    }

    private static List<PublishedKey> published(Path table, Settings settings) throws IOException {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            return PublishedKey.ofTable(
                    table, new NameQuestions(DnsSection.ofCommand(settings, loop), HostsFile.of(List.of())));
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
