# SPDX-License-Identifier: Apache-2.0
# A milter that does what the mail tells it, and notes what it hears: scripted.py SOCKET NOTES [no-replies]
#
#   HELO do-reject.test            MAIL FROM:<do-tempfail@...>      RCPT TO:<do-discard@...>
#   X-Do: STAGE VERDICT            at that stage: header eoh body eom data
#   X-Change: addheader NAME VALUE | insheader INDEX NAME VALUE | chgheader NAME INDEX VALUE | delheader NAME INDEX
#             addrcpt ADDRESS [PARAMETERS] | delrcpt ADDRESS | chgfrom ADDRESS [PARAMETERS] | replbody TEXT | quarantine | progress
import sys

import Milter

NOTES = open(sys.argv[2], "a", buffering=1)
MACROS = {
    "connect": ["j", "{daemon_name}", "v", "_"],
    "hello": ["{tls_version}"],
    "envfrom": ["i", "{mail_addr}", "{mail_host}", "{mail_mailer}"],
    "envrcpt": ["{rcpt_addr}", "{rcpt_host}", "{rcpt_mailer}"],
    "data": [],
    "eom": [],
}


@Milter.rejected_recipients
class Scripted(Milter.Base):
    def __init__(self):
        self.orders = {}
        self.changes = []

    def note(self, stage, *words):
        values = []
        for name in MACROS.get(stage, []):
            value = self.getsymval(name)
            if value is not None:
                values.append(name + "=" + value)
        NOTES.write(" ".join([stage] + [repr(word) for word in words] + values) + "\n")

    def obey(self, word):
        if word == "code":
            self.setreply("554", "5.7.9", "100%% of it is bad")
            return Milter.REJECT
        if word == "lines":
            self.setreply("450", "4.7.9", "not now,", "and not like this")
            return Milter.TEMPFAIL
        if word == "hangup":
            self.setreply("421", "4.7.9", "go away")
            return Milter.TEMPFAIL
        if word == "die":
            import os
            os._exit(0)
        return {
            "reject": Milter.REJECT,
            "tempfail": Milter.TEMPFAIL,
            "discard": Milter.DISCARD,
            "accept": Milter.ACCEPT,
            "skip": Milter.SKIP,
        }.get(word, Milter.CONTINUE)

    def named(self, text):
        at = text.find("do-")
        return self.obey(text[at + 3:].split("@")[0].split(".")[0]) if at >= 0 else Milter.CONTINUE

    def connect(self, host, family, address):
        self.note("connect", host, address[0] if family else "")
        return Milter.CONTINUE

    def hello(self, name):
        self.note("hello", name)
        return self.named(name)

    def envfrom(self, sender, *words):
        self.orders = {}
        self.changes = []
        self.note("envfrom", sender, *words)
        return self.named(sender)

    def envrcpt(self, recipient, *words):
        self.note("envrcpt", recipient, *words)
        return self.named(recipient)

    def data(self):
        self.note("data")
        return Milter.CONTINUE

    def unknown(self, command):
        self.note("unknown", command)
        return self.named(command)


    def header(self, name, value):
        self.note("header", name, value)
        if name == "X-Do":
            stage, verdict = value.split()
            self.orders[stage] = verdict
        if name == "X-Change":
            self.changes.append(value.strip())
        return self.obey(self.orders.get("header"))

    def eoh(self):
        self.note("eoh")
        return self.obey(self.orders.get("eoh"))

    def body(self, chunk):
        self.note("body", len(chunk), chunk[:40])
        return self.obey(self.orders.get("body"))

    def eom(self):
        self.note("eom")
        for change in self.changes:
            self.change(*change.split(" ", 1))
        return self.obey(self.orders.get("eom"))

    def change(self, what, rest=""):
        words = rest.split(" ")
        if what == "addheader":
            self.addheader(words[0], rest.split(" ", 1)[1].replace("\\n", "\n"))
        elif what == "insheader":
            self.addheader(words[1], rest.split(" ", 2)[2], int(words[0]))
        elif what == "chgheader":
            self.chgheader(words[0], int(words[1]), rest.split(" ", 2)[2])
        elif what == "delheader":
            self.chgheader(words[0], int(words[1]), "")
        elif what == "addrcpt":
            self.addrcpt(words[0], *words[1:])
        elif what == "delrcpt":
            self.delrcpt(rest)
        elif what == "chgfrom":
            self.chgfrom(words[0], *words[1:])
        elif what == "replbody":
            self.replacebody(rest.replace("\\n", "\r\n"))
        elif what == "replbig":
            for i in range(int(rest)):
                self.replacebody("%05d %s\r\n" % (i, "x" * 990))
        elif what == "quarantine":
            self.quarantine(rest or "why not")
        elif what == "progress":
            self.progress()

    def abort(self):
        self.note("abort")
        return Milter.CONTINUE

    def close(self):
        self.note("close")
        return Milter.CONTINUE


Milter.factory = Scripted
Milter.set_flags(
    Milter.ADDHDRS + Milter.CHGHDRS + Milter.CHGBODY + Milter.ADDRCPT + Milter.DELRCPT + Milter.QUARANTINE
    + Milter.CHGFROM + Milter.ADDRCPT_PAR)
Milter.runmilter("scripted", sys.argv[1], 60)
