/*
 * note - a remark for people, beside a result that stands.
 */
#ifndef NOTE_CLI_H
#define NOTE_CLI_H

struct cli;

/* One line on standard error, unless -q was given. */
void cli_note(const struct cli *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

#endif
