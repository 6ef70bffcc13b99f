// Asked for the password before anything else, where one is set.
import { Button, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiError, call } from '../api/client.ts';

export function SignIn() {
  const client = useQueryClient();
  const [password, setPassword] = useState('');
  const signIn = useMutation<unknown, ApiError>({
    mutationFn: () => call('signIn', { body: { password } }),
    onSuccess: () => client.invalidateQueries(),
    onSettled: () => setPassword(''),
  });
  return (
    <main className="sign-in">
      <Paper withBorder p="xl" w={360}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            signIn.mutate();
          }}
        >
          <Stack>
            <Title order={2}>Interlock</Title>
            <PasswordInput
              label="Password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              autoComplete="current-password"
              data-autofocus
              autoFocus
              required
            />
            {signIn.error && (
              <Text size="sm" c="red" role="alert">
                {signIn.error.message} {signIn.error.whatToDo}
              </Text>
            )}
            <Button type="submit" size="sm" loading={signIn.isPending} disabled={password === ''}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </main>
  );
}
