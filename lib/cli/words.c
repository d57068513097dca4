#include <string.h>

#include "cli/words.h"

/*
 * Take one word off *p, in place: blanks part words; '...' is as it stands;
 * in "..." a backslash makes a " or \ plain, and outside of quotes any
 * character.  Returns the word, or NULL with *p on the quote that is open.
 */
static char *
next_word(char **p)
{
	char *word = *p, *out = word, *in = word, quote = '\0', *opened = in;

	for (; *in && (quote || !strchr(" \t\n", *in)); in++) {
		if (quote ? *in == quote : *in == '\'' || *in == '"') {
			quote = quote ? '\0' : *in;
			opened = in;
			continue;
		}
		if (*in == '\\' && in[1] && quote != '\'' &&
		    (!quote || in[1] == '"' || in[1] == '\\'))
			in++;
		*out++ = *in;
	}
	*p = quote ? opened : in + (*in != '\0');
	*out = '\0';
	return quote ? NULL : word;
}

int
words_split(char *text, char *argv[WORDS_MAX + 1], struct err *e)
{
	int n = 0;

	for (text += strspn(text, " \t\n"); *text;
	    text += strspn(text, " \t\n")) {
		if (n == WORDS_MAX)
			return err_set(e, E_usage, "over %d words", WORDS_MAX);
		argv[n] = next_word(&text);
		if (!argv[n++])
			return err_set(e, E_usage, "a quote is not closed");
	}
	argv[n] = NULL;
	return n ? 0 : err_set(e, E_usage, "no command");
}
