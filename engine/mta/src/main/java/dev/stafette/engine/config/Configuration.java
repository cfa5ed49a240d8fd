// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.Host;
import dev.stafette.engine.config.syntax.MainCf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What one {@code config_directory} says.
 * Thread: any, but meant for start-up and reload. It does not change: a reload reads another.
 */
public final class Configuration {
    private static final String MAIN_CF = "main.cf";
    private static final String MASTER_CF = "master.cf";

    /** The launcher knows it, too. */
    private static final Path DEPUTY_SOCKETS = Path.of("/run/stafette");

    private final Path directory;
    private final MainCf mainCf;
    private final MasterCf masterCf;
    private final Settings settings;

    private Configuration(Path directory, MainCf mainCf, MasterCf masterCf, Host host) {
        this.directory = directory;
        this.mainCf = mainCf;
        this.masterCf = masterCf;
        Set<String> transports = new LinkedHashSet<>();
        for (ServiceRow row : masterCf.rows()) {
            // A program that is spawned has a time limit by the name of its row.
            if (row.type() != ServiceRow.Type.INET || row.isSpawn()) {
                transports.add(row.name());
            }
        }
        this.settings = new Settings(mainCf, transports, host, directory.toString(), asked(masterCf));
    }

    private static Map<String, ServiceRow> asked(MasterCf masterCf) {
        Map<String, ServiceRow> byName = new HashMap<>();
        for (ServiceRow row : masterCf.rows()) {
            if (row.type() == ServiceRow.Type.UNIX || row.type() == ServiceRow.Type.FIFO) {
                byName.put(row.name(), row);
            }
        }
        return byName;
    }

    /**
     * Reads main.cf and master.cf. Syntax alone is checked, so that a command which wants one parameter is not kept from
     * it by another; {@link #check} does the rest.
     */
    public static Configuration read(Path directory, Host host) {
        return new Configuration(
                directory,
                MainCf.parse(directory.resolve(MAIN_CF).toString(), textOf(directory.resolve(MAIN_CF), host)),
                MasterCf.parse(directory.resolve(MASTER_CF).toString(), textOf(directory.resolve(MASTER_CF), host)),
                host);
    }

    /** Reads main.cf alone, for commands that look for the running process. */
    public static Configuration readMainCf(Path directory, Host host) {
        return new Configuration(
                directory,
                MainCf.parse(directory.resolve(MAIN_CF).toString(), textOf(directory.resolve(MAIN_CF), host)),
                MasterCf.parse(MASTER_CF, ""),
                host);
    }

    private static String textOf(Path file, Host host) {
        try {
            String text = host.read(file);
            int nul = text.indexOf(0);
            if (nul >= 0) {
                long line = 1
                        + text.substring(0, nul).chars().filter(c -> c == '\n').count();
                throw new ConfigException(file + ":" + line + ": a NUL character (expected: text)");
            }
            return text;
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": no such file (expected: a configuration file)");
        } catch (IOException e) {
            String why = Files.isReadable(file) ? e.toString() : "permission denied";
            throw new ConfigException(file + ": " + why + " (expected: a file that can be read)");
        }
    }

    /**
     * Checks every value and returns warnings, one a line; throws a {@link ConfigException} for what is wrong.
     *
     * @param sections look at main.cf and at each row of master.cf, for what the types of the parameters cannot say
     */
    public List<String> check(Consumer<Settings> sections) {
        List<String> warnings = new ArrayList<>(mainCf.warnings());
        warnings.addAll(masterCf.warnings());
        new ConfigurationCheck(mainCf, masterCf, settings, sections, warnings).run();
        warnings.addAll(IdleOverrides.warnings(services()));
        for (ServiceRow row : services()) {
            String what =
                    row.origin() + ": service '" + row.name() + "/" + row.type().text() + "': ";
            if (row.isPostscreen()) {
                String passed = settings.forService(row).text("smtpd_service_name");
                if (services().stream().noneMatch(other -> other.isSmtpd() && other.isPass(passed))) {
                    warnings.add(what + "there is no row '" + passed + " pass' of smtpd for the clients that pass");
                }
            } else if (row.type() == ServiceRow.Type.INET && !row.isSmtpd() && !row.isSpawn()) {
                warnings.add(what + row.command() + " is not implemented yet: nothing listens there");
            }
        }
        return warnings;
    }

    /** What the files say that changes nothing here, and why; one a line. Nobody need act on it. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>(meaninglessNames().notes());
        int chrooted = 0;
        int privileged = 0;
        for (ServiceRow row : masterCf.rows()) {
            chrooted += row.isChrooted() ? 1 : 0;
            privileged += row.isUnprivileged() ? 0 : 1;
        }
        if (chrooted > 0) {
            notes.add("master.cf: chroot is y for " + chrooted + " services, and changes nothing:"
                    + " there is one process for all, and it sees the whole file system");
        }
        if (privileged > 0) {
            notes.add("master.cf: unpriv is n for " + privileged + " services, and changes nothing:"
                    + " the process has given up root for good");
        }
        return notes;
    }

    private MeaninglessNames meaninglessNames() {
        MeaninglessNames names = new MeaninglessNames(settings);
        mainCf.entries().forEach(entry -> names.add(settings, entry.name()));
        for (ServiceRow row : masterCf.rows()) {
            Settings ofRow = settings.forService(row);
            row.overrides().keySet().forEach(name -> names.add(ofRow, name));
        }
        return names;
    }

    /** What differs from the configuration that is in use and cannot be changed while running, one a line. */
    public List<String> changesThatNeedRestart(Configuration inUse) {
        return new ReloadComparison(inUse, this).run();
    }

    /** By what the log tells one instance and one version from another, in Postfix's words. */
    public String identity() {
        return "version " + settings.text("mail_version") + ", configuration " + directory;
    }

    public Path directory() {
        return directory;
    }

    public Settings settings() {
        return settings;
    }

    /** What holds for the service of that name, which is a program of Postfix's; without a row main.cf alone. */
    public Settings settingsOf(String service) {
        for (ServiceRow row : masterCf.rows()) {
            if (row.type() != ServiceRow.Type.INET && row.name().equals(service)) {
                return settings.forService(row);
            }
        }
        return settings;
    }

    /** The services in the order of master.cf, without those that {@code master_service_disable} names. */
    public List<ServiceRow> services() {
        List<String> disabled = settings.words("master_service_disable");
        List<ServiceRow> enabled = new ArrayList<>();
        for (ServiceRow row : masterCf.rows()) {
            if (!isListed(row, disabled)) {
                enabled.add(row);
            }
        }
        return enabled;
    }

    /** The first that matches decides: a type, or a name and a type. */
    private static boolean isListed(ServiceRow row, List<String> patterns) {
        String type = row.type().name().toLowerCase(Locale.ROOT).replace('_', '-');
        for (String pattern : patterns) {
            String plain = pattern.startsWith("!") ? pattern.substring(1) : pattern;
            if (plain.equals(type) || plain.equals(row.name() + "/" + type)) {
                return plain.equals(pattern);
            }
        }
        return false;
    }

    String originOf(String name) {
        return mainCf.originOf(name);
    }

    /** Where the delivery service is asked: by default in a directory of root's, by the name of the queue directory. */
    public Path deputySocket() {
        String text = settings.text("deputy_socket");
        return text.isEmpty()
                ? DEPUTY_SOCKETS.resolve(
                        queueDirectory().normalize().toString().substring(1).replace('/', '-'))
                : Path.of(text);
    }

    /** Absolute, or below the configuration's directory. */
    public Path queueDirectory() {
        return settings.queueDirectory();
    }
}
