/** The page where one signs in. */
export const signIn = {
  title: 'Welcome back',
  text: 'Sign in with the owner password.',
  password: 'Owner password',
  textForAll: 'Sign in with your name and password; the owner leaves the name empty.',
  name: 'Your name',
  nameHint: 'The owner leaves it empty.',
  anyPassword: 'Password',
  button: 'Sign in',
  forgotten: 'Forgotten it?',
  forgottenText:
    'Stop the node, remove owner.json from the folder “web” in its data folder, and start it again: it shows a new set-up code. Your files and your root key stay as they are.',
}
