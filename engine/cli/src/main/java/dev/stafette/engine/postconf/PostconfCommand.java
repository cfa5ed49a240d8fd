// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.cli.terminal.ArgumentBytes;
import dev.stafette.engine.cli.terminal.AsOwner;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.MachineDefaults;
import dev.stafette.engine.config.Strangers;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.postconf.MainListing.Selection;
import dev.stafette.engine.table.types.TableTypes;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code postconf}: shows and edits the configuration.
 * Thread: main.
 */
public final class PostconfCommand implements Warnings {
    private static final String NAME = "postconf";
    /** In the order in which Postfix prefers them. */
    private static final List<String> LOCK_TYPES = List.of("flock", "fcntl", "dotlock");
    /** Of {@code smtpd_sasl_type}. */
    private static final List<String> SERVER_SASL_TYPES = List.of("dovecot", "stafette");
    /** The client's mechanisms are built in, whatever {@code smtp_sasl_type} says. */
    private static final List<String> CLIENT_SASL_TYPES = List.of("stafette");

    private static final List<String> PUBLIC_KEY_ALGORITHMS = List.of("rsa", "ecdsa", "ed25519", "ed448");
    private static final List<String> KINDS = List.of("builtin", "service", "user");

    private final Terminal terminal;
    /** Half a listing is none: it is printed when all has gone well. */
    private final ByteArrayOutputStream listing = new ByteArrayOutputStream();

    private final PrintStream out = new PrintStream(listing, false, StandardCharsets.UTF_8);

    public PostconfCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void warn(String text) {
        terminal.warn(NAME, ascii(text));
    }

    /** Text is bytes here, and what is not ASCII is not shown in messages. */
    private static String ascii(String text) {
        char[] shown = text.toCharArray();
        for (int i = 0; i < shown.length; i++) {
            if (shown[i] > '~') {
                shown[i] = '?';
            }
        }
        return new String(shown);
    }

    public int run(String[] arguments) {
        try {
            int exitCode = answer(arguments);
            out.flush();
            terminal.out().writeBytes(listing.toByteArray());
            return exitCode;
        } catch (ConfigException e) {
            return terminal.fatal(NAME, ExitCode.FAILED, ascii(String.valueOf(e.getMessage())));
        }
    }

    private int answer(String[] arguments) {
        PostconfFlags flags = PostconfFlags.parse(arguments);
        String directory = ConfigDirectory.name(terminal, flags.directory());
        if (flags.isEdit()) {
            return edit(flags, directory, arguments);
        }
        return switch (flags.subject()) {
            case 'M', 'F', 'P' -> showMaster(flags, directory);
            case 'm' -> show(TableTypes.NAMES);
            case 'l' -> show(LOCK_TYPES);
            case 'a' -> show(SERVER_SASL_TYPES);
            case 'A' -> show(CLIENT_SASL_TYPES);
            case 'T' -> showTls(flags.tlsMode());
            case 'b', 't' -> new PostconfTemplates(terminal).run(directory, flags.subject() == 'b', flags.operands());
            default -> showMain(flags, directory);
        };
    }

    private int show(List<String> words) {
        for (String word : words) {
            out.println(word);
        }
        return ExitCode.OK;
    }

    /** Who does TLS here is the Java platform. */
    private int showTls(String mode) {
        switch (mode) {
            case "compile-version", "run-version" -> out.println("Java " + Runtime.version());
            case "public-key-algorithms" -> show(PUBLIC_KEY_ALGORITHMS);
            default -> {
                warn("unknown 'postconf -T' mode: " + mode);
                return ExitCode.FAILED;
            }
        }
        return ExitCode.OK;
    }

    private int edit(PostconfFlags flags, String directory, String[] arguments) {
        EditKind kind = flags.has('e') ? EditKind.SET : flags.has('X') ? EditKind.REMOVE : EditKind.COMMENT_OUT;
        if (flags.operands().isEmpty()) {
            String missing = kind == EditKind.SET ? "-e requires name=value argument" : "missing service argument";
            throw new ConfigException(missing);
        }
        String edited = flags.subject() == 'p' ? "main.cf" : "master.cf";
        Strangers strangers = Strangers.onTheWayThrough(Path.of(directory, edited));
        if (strangers.exist()) {
            return asOwner(strangers, arguments);
        }
        List<String> words = ArgumentBytes.of(flags.operands());
        if (flags.subject() == 'p') {
            new MainEdit(kind, this).run(directory, words);
        } else {
            new MasterEdit(flags.subject(), kind, this).run(directory, words);
        }
        return ExitCode.OK;
    }

    private int asOwner(Strangers strangers, String[] arguments) {
        AsOwner owner = new AsOwner(terminal, NAME, strangers);
        int exitCode = owner.run(ExitCode.FAILED, NAME, List.of(arguments), InputStream.nullInputStream());
        if (exitCode != ExitCode.OK) {
            owner.explain();
        }
        return exitCode;
    }

    private int showMain(PostconfFlags flags, String directory) {
        Set<String> kinds = kinds(flags.kinds());
        boolean isDefaults = flags.has('d');
        Selection selection = isDefaults ? Selection.DEFAULTS : flags.has('n') ? Selection.SET : Selection.ALL;
        MainFile main = isDefaults ? MainFile.empty(directory) : MainFile.read(directory, this);
        for (String override : flags.overrides()) {
            main.override(ArgumentBytes.of(override));
        }
        ParameterSpace space = ParameterSpace.builtin();
        MasterFile master = MasterFile.read(directory, false, this);
        space.addServices(master.services());
        MainListing.Parts parts = new MainListing.Parts(space, main, this);
        MachineDefaults machine = machine(main, directory);
        UserParameters users = new UserParameters(parts, master, machine);
        if (!isDefaults) {
            users.register();
        }
        MainListing listing = new MainListing(parts, machine, selection, flags.display(), out);
        if (flags.operands().isEmpty()) {
            listing.printAll(kinds);
        } else {
            listing.print(flags.operands());
        }
        if (!isDefaults && !flags.has('q')) {
            users.warnOfUnused();
        }
        return ExitCode.OK;
    }

    private int showMaster(PostconfFlags flags, String directory) {
        MainFile main = MainFile.read(directory, this);
        for (String override : flags.overrides()) {
            main.override(ArgumentBytes.of(override));
        }
        ParameterSpace space = ParameterSpace.builtin();
        MasterFile master = MasterFile.read(directory, true, this);
        space.addServices(master.services());
        MainListing.Parts parts = new MainListing.Parts(space, main, this);
        MachineDefaults machine = machine(main, directory);
        UserParameters users = new UserParameters(parts, master, machine);
        users.register();
        MasterListing listing = new MasterListing(master, parts, machine, flags.display(), out);
        switch (flags.subject()) {
            case 'M' -> listing.printRows(flags.operands());
            case 'F' -> listing.printFields(flags.operands());
            default -> listing.printParameters(flags.operands());
        }
        if (!flags.has('q')) {
            users.warnOfUnusedInMaster();
        }
        return ExitCode.OK;
    }

    private static MachineDefaults machine(MainFile main, String directory) {
        Map<String, String> ofProcess = new HashMap<>();
        ofProcess.put("process_name", NAME);
        ofProcess.put("process_id", Long.toString(ProcessHandle.current().pid()));
        ofProcess.put("service_name", "");
        return new MachineDefaults(main.name(), main.values(), new LocalHost(), directory, ofProcess);
    }

    private static Set<String> kinds(String text) {
        Set<String> kinds = new LinkedHashSet<>();
        for (String word : UserParameters.words(text.isEmpty() ? "all" : text)) {
            if (word.equals("all")) {
                kinds.addAll(KINDS);
            } else if (KINDS.contains(word)) {
                kinds.add(word);
            } else {
                throw new ConfigException("unknown -C option value \"" + word + "\" in \"" + text + "\"");
            }
        }
        return kinds;
    }
}
